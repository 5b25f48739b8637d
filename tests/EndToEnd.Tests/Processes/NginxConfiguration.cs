namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Configurations of nginx, each a round robin over servers.</summary>
internal static class NginxConfiguration
{
    private static readonly string Common = $$"""
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 8192;
        {{(Environment.IsPrivilegedProcess ? "user root;" : string.Empty)}}
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }

        """;

    private const string Http = """
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          client_max_body_size 16m;
        """;

    /// <summary>For web frontends, as in production: a request that reached no frontend goes to the next.</summary>
    public static string Frontends(int port, IEnumerable<Uri> frontends) => Common + $$"""
        http {
        {{Http}}
          upstream frontends {
        {{Servers(frontends.Select(frontend => $"127.0.0.1:{frontend.Port} max_fails=1 fail_timeout=2s"))}}
            keepalive 32;
          }
          server {
            listen 127.0.0.1:{{port}};
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

    /// <summary>For PHP servers on Unix sockets, with the scripts in a folder.</summary>
    public static string Php(int port, IEnumerable<string> sockets, string folder) => Common + $$"""
        http {
        {{Http}}
          upstream php {
        {{Servers(sockets.Select(socket => $"unix:{socket}"))}}
          }
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location / {
              fastcgi_pass php;
              fastcgi_param SCRIPT_FILENAME {{folder}}$fastcgi_script_name;
              fastcgi_param SCRIPT_NAME $fastcgi_script_name;
              fastcgi_param REQUEST_METHOD $request_method;
              fastcgi_param QUERY_STRING $query_string;
              fastcgi_param CONTENT_TYPE $content_type;
              fastcgi_param CONTENT_LENGTH $content_length;
              fastcgi_param HTTP_HOST $http_host;
            }
          }
        }

        """;

    /// <summary>For TCP servers: a connection that reached no server goes to the next.</summary>
    public static string Stream(int port, IEnumerable<int> servers) => $$"""
        load_module {{Tools.NginxStream}};
        {{Common}}
        stream {
          upstream servers {
        {{Servers(servers.Select(server => $"127.0.0.1:{server} max_fails=1 fail_timeout=2s"))}}
          }
          server {
            listen 127.0.0.1:{{port}};
            proxy_pass servers;
            proxy_connect_timeout 1s;
          }
        }

        """;

    private static string Servers(IEnumerable<string> addresses) => string.Join('\n', addresses.Select(address => $"    server {address};"));
}
