using System.Globalization;
using System.Net;
using System.Net.Sockets;
using k8s.Models;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>
/// nginx configured by an Ingress, in its own network namespace. The Service behind it is an address that the kernel translates to those of the ready pods, round
/// robin, like kube-proxy: a pod that is no longer ready gets no new connections, and existing ones stay.
/// </summary>
internal sealed class IngressController : IAsyncDisposable
{
    private const string HttpPort = "80";

    private readonly TemporaryFolder _folder = new();
    private readonly PodNamespace _network;
    private readonly ChildProcess _process;
    private readonly V1Ingress _ingress;

    public IngressController(V1Ingress ingress, IReadOnlyDictionary<string, string> certificate, PodNamespace network)
    {
        _ingress = ingress;
        _network = network;
        Peer = new Peer("ingress-nginx", new Dictionary<string, string>(), network.Address);
        SetEndpoints([]);
        foreach ((string name, string text) in certificate)
        {
            File.WriteAllText(_folder.File(name), text);
        }

        File.WriteAllText(_folder.File("nginx.conf"), Configuration(ingress));
        _process = ChildProcess.Start(
            "ingress", [.. network.Enter, Tools.Find(Tools.Nginx), "-e", "stderr", "-p", _folder.Path, "-c", "nginx.conf"], onParentDeath: Signal.Terminate);
    }

    public Peer Peer { get; }

    /// <summary>Its URL with the host's name, which resolves to <see cref="Peer"/>'s address.</summary>
    public Uri Url => new($"https://{_ingress.Spec.Rules.Single().Host}");

    /// <summary>Sets the Service's endpoints.</summary>
    public void SetEndpoints(IReadOnlyList<IPEndPoint> endpoints)
    {
        string target = string.Join(", ", endpoints.Select((endpoint, index) => string.Create(CultureInfo.InvariantCulture, $"{index} : {endpoint.Address} . {endpoint.Port}")));
        string match = $"ip daddr {PodNetwork.Service} tcp dport {HttpPort}";
        _network.Apply("ip service", endpoints.Count == 0
            ? $"chain output {{ type filter hook output priority 0;\n{match} reject\n}}"
            : $"chain output {{ type nat hook output priority -100;\n{match} dnat ip to numgen inc mod {endpoints.Count} map {{ {target} }}\n}}");
    }

    public bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(Peer.Address, 443);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _network.Dispose();
        _folder.Dispose();
    }

    private static string Configuration(V1Ingress ingress) => $$"""
        daemon off;
        user root;
        worker_processes 1;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          client_max_body_size {{ingress.GetAnnotation("nginx.ingress.kubernetes.io/proxy-body-size")}};
          server {
            listen 443 ssl;
            server_name {{ingress.Spec.Rules.Single().Host}};
            ssl_certificate tls.crt;
            ssl_certificate_key tls.key;
            location {{ingress.Spec.Rules.Single().Http.Paths.Single().Path}} {
              proxy_pass http://{{PodNetwork.Service}}:{{HttpPort}};
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_connect_timeout {{ingress.GetAnnotation("nginx.ingress.kubernetes.io/proxy-connect-timeout")}}s;
              proxy_next_upstream error timeout;
            }
          }
        }

        """;
}
