namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Configuration of nginx. It keeps connections to clients and web frontends alive, or opening them would dominate.</summary>
internal static class NginxConfiguration
{
    /// <summary>In front of web frontends.</summary>
    public static string Frontends(int port, IEnumerable<int> frontends, Balancing balancing) => Site(
        port,
        $$"""
            {{(balancing == Balancing.Cookie ? "hash $cookie_bench consistent;" : string.Empty)}}
        {{string.Join('\n', frontends.Select(frontend => $"    server 127.0.0.1:{frontend};"))}}
            keepalive 512;
            keepalive_requests 1000000000;
        """,
        """
              proxy_pass http://servers;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
        """);

    /// <summary>
    /// For PHP-FPM on a Unix socket. Each request uses its own connection, as is usual: a kept connection would occupy a worker.
    /// </summary>
    public static string Php(int port, string socket, string script) => Site(
        port,
        $"    server unix:{socket};",
        $"""
              fastcgi_pass servers;
              fastcgi_param SCRIPT_FILENAME {script};
              fastcgi_param REQUEST_URI $request_uri;
              fastcgi_param REQUEST_METHOD $request_method;
              fastcgi_param QUERY_STRING $query_string;
              fastcgi_param CONTENT_TYPE $content_type;
              fastcgi_param CONTENT_LENGTH $content_length;
        """);

    private static string Site(int port, string servers, string location) => $$"""
        daemon off;
        worker_processes 1;
        {{(Environment.IsPrivilegedProcess ? "user root;" : string.Empty)}}
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          keepalive_requests 1000000000;
          upstream servers {
        {{servers}}
          }
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location / {
        {{location}}
            }
          }
        }

        """;
}
