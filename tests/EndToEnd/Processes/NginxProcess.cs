using System.Net.Sockets;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>nginx in front of the web frontends, as one would run it: round robin, and a request that reached no frontend goes to the next.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    public Uri Url => new($"http://localhost:{_port}");

    public static async Task<NginxProcess> StartAsync(IEnumerable<Uri> frontends)
    {
        var nginx = new NginxProcess();
        try
        {
            File.WriteAllText(nginx._folder.File("nginx.conf"), nginx.Configure(frontends));

            // Its master ends its worker when it is told to, not when it is killed.
            nginx._process = ChildProcess.Start(
                "nginx",
                [Tools.Find(Tools.Nginx), "-e", "stderr", "-p", nginx._folder.Path, "-c", "nginx.conf"],
                onParentDeath: Signal.Terminate);
            await nginx._process.UntilAsync("it listens", StartTimeout, nginx.Listens);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Configure(IEnumerable<Uri> frontends) => $$"""
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 8192;
        {{(Environment.IsPrivilegedProcess ? "user root;" : string.Empty)}}
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          client_max_body_size 16m;
          upstream frontends {
        {{string.Join('\n', frontends.Select(frontend => $"    server 127.0.0.1:{frontend.Port} max_fails=1 fail_timeout=2s;"))}}
            keepalive 32;
          }
          server {
            listen 127.0.0.1:{{_port}};
            location / {
              proxy_pass http://frontends;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_next_upstream error timeout;
            }
          }
        }

        """;

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
