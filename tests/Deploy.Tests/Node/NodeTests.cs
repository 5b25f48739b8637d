using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OrleansSessions.Deploy.Tests.Docker;
using OrleansSessions.Deploy.Tests.Kubernetes;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.Tests.Shared;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>The production overlay with real processes: the published programs under the manifests' rules, in their own pods, under load.</summary>
[Collection(nameof(DeployCollection))]
public sealed class NodeTests(Images images)
{
    private const string Silo = "orleans-sessions-silo";
    private const string Frontend = "orleans-sessions-frontend";
    private const string Redis = "orleans-sessions-redis";
    private const int Repetitions = 5;

    [Fact]
    public async Task Production_ScaledAndRolledUnderLoad_FailsNoRequestAndLosesNoWrite()
    {
        PlayedNode.Require();
        images.BuildAll();
        using var authority = new TestAuthority("OrleansSessions test authority");
        Overlay overlay = Overlay.Render("production");
        await using var node = new PlayedNode(overlay, images, Secrets.Make(overlay, authority));

        // The machine also publishes, starts and stops programs meanwhile.
        node.ExtraEnvironment["Sessions__IOTimeout"] = "00:00:20";
        var watch = Stopwatch.StartNew();
        void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s  {what}");

        await node.StartAsync();
        foreach (Pod pod in node.Pods(Silo).Concat(node.Pods(Frontend)))
        {
            Tell($"{pod.Name} was ready after {pod.ReadyAfter.TotalSeconds:0.0} s");
        }

        await AssertPoliciesAsync(node);
        Tell("the network admits only the pods that need a port");

        await using LoadGenerator load = await LoadGenerator.StartAsync(node.Ingress!.Url, new LoadOptions
        {
            Clients = 8,
            Pause = TimeSpan.FromMilliseconds(40),
            Connect = handler => ConnectTo(handler, node.Ingress.Peer.Address, authority),
        });
        await Eventually.TrueAsync("load", TimeSpan.FromSeconds(30), () => load.Count > 200);

        await node.ScaleAsync(Silo, 4);
        Tell("2 -> 4 silos");
        await node.ScaleAsync(Frontend, 3);
        Tell("2 -> 3 frontends");
        await node.ScaleAsync(Silo, 2);
        Tell("4 -> 2 silos");
        await node.RollAsync(Silo, Images.NextVersion);
        await AssertVersionAsync(node, Images.NextVersion);
        Tell($"all silos are {Images.NextVersion}");
        await node.RollAsync(Silo, Images.Version);
        await AssertVersionAsync(node, Images.Version);
        Tell($"all silos are {Images.Version} again");

        LoadReport report = await load.StopAsync();
        Tell(report.ToString());
        report.AssertFlawless();
        Assert.Empty(node.Faults);
    }

    private static async Task AssertPoliciesAsync(PlayedNode node)
    {
        PodNamespace stranger = node.AddStranger("default", ("app.kubernetes.io/name", "nobody"));
        PodNamespace monitoring = node.AddStranger("monitoring");
        PodNamespace php = node.AddStranger("orleans-sessions", ("orleans-sessions/resp-client", "true"));
        Pod silo = node.Pods(Silo)[0];
        Pod otherSilo = node.Pods(Silo)[1];
        Pod frontend = node.Pods(Frontend)[0];
        Pod redis = node.Pods(Redis)[0];

        (string What, Func<Task<bool>> Reach, bool Expected)[] attempts =
        [
            ("silo to silo", () => otherSilo.CanReachAsync(silo.Peer.Address, 11111), true),
            ("frontend to gateway", () => frontend.CanReachAsync(silo.Peer.Address, 30000), true),
            ("frontend to Redis", () => frontend.CanReachAsync(redis.Peer.Address, 6379), true),
            ("frontend to silo port", () => frontend.CanReachAsync(silo.Peer.Address, 11111), false),
            ("frontend to the Redis protocol", () => frontend.CanReachAsync(silo.Peer.Address, 6380), false),
            ("silo to frontend", () => silo.CanReachAsync(frontend.Peer.Address, 8080), false),
            ("Redis to silo", () => redis.CanReachAsync(silo.Peer.Address, 11111), false),
            ("Prometheus to silo", () => monitoring.CanReachAsync(silo.Peer.Address, 8081), true),
            ("Prometheus to frontend", () => monitoring.CanReachAsync(frontend.Peer.Address, 8081), true),
            ("Prometheus to gateway", () => monitoring.CanReachAsync(silo.Peer.Address, 30000), false),
            ("PHP to the Redis protocol", () => php.CanReachAsync(silo.Peer.Address, 6380), true),
            ("PHP to gateway", () => php.CanReachAsync(silo.Peer.Address, 30000), false),
            ("PHP to Redis", () => php.CanReachAsync(redis.Peer.Address, 6379), false),
            .. new[] { (silo, 11111), (silo, 30000), (silo, 6380), (silo, 8081), (frontend, 8080), (frontend, 8081), (redis, 6379) }.Select(target =>
                ($"stranger to {target.Item1.Name}:{target.Item2}", (Func<Task<bool>>)(() => stranger.CanReachAsync(target.Item1.Peer.Address, target.Item2)), false)),
        ];
        await Task.WhenAll(attempts.Select(static async attempt =>
        {
            bool reached = await attempt.Reach();

            // On a busy machine an attempt can take longer than the time after which it counts as refused.
            for (int again = 0; again < Repetitions && attempt.Expected && !reached; again++)
            {
                reached = await attempt.Reach();
            }

            Assert.True(reached == attempt.Expected, $"{attempt.What}: {(attempt.Expected ? "refused" : "let through")}");
        }));
    }

    private static async Task AssertVersionAsync(PlayedNode node, string version)
    {
        using var http = new HttpClient();
        foreach (Pod silo in node.Pods(Silo))
        {
            string metrics = await http.GetStringAsync($"http://{silo.Peer.Address}:8081/metrics", TestContext.Current.CancellationToken);
            Assert.Contains($"service_version=\"{version}\"", metrics, StringComparison.Ordinal);
        }
    }

    private static void ConnectTo(SocketsHttpHandler handler, IPAddress address, TestAuthority authority)
    {
        handler.ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(authority.Pem) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
    }
}
