using System.Net.Sockets;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>nginx on a loopback port.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;

    public int Port { get; } = LoopbackPort.Next();

    public Uri Url => new($"http://localhost:{Port}");

    /// <summary>Starts nginx in front of web frontends.</summary>
    public static Task<NginxProcess> StartAsync(IEnumerable<Uri> frontends) => StartAsync(port => NginxConfiguration.Frontends(port, frontends));

    /// <summary>Starts nginx with a configuration for its port.</summary>
    public static async Task<NginxProcess> StartAsync(Func<int, string> configure)
    {
        var nginx = new NginxProcess();
        try
        {
            File.WriteAllText(nginx._folder.File("nginx.conf"), configure(nginx.Port));

            // Terminate the master gracefully: it stops its worker then, but not when killed.
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

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
