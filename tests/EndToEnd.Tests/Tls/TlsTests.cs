using OrleansSessions.EndToEnd.Tests.Failures;
using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Tls;

/// <summary>Mutual TLS among silos, frontends and Redis.</summary>
[Collection(typeof(AloneCollection))]
public sealed class TlsTests(TlsCluster cluster) : IClassFixture<TlsCluster>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Strangers_UnderLoad_AreRefusedAndTheClusterGoesOn()
    {
        Tools.Require(Tools.RedisServer);
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Frontend.Url);
        await load.WarmUpAsync();
        using var foreign = new TestAuthority("cluster");
        TestCertificate expired = cluster.Authority.Issue(TlsCluster.SiloName, DateTimeOffset.UtcNow.AddDays(-1));

        TlsMember first = cluster.Silos[0], second = cluster.Silos[1];
        await RefusedAsync(first, "Silo", first.SiloPort, cluster.Issue("frontend"), "name");
        await RefusedAsync(first, "Silo", first.SiloPort, foreign.Issue(TlsCluster.SiloName), "authority");
        await RefusedAsync(first, "Silo", first.SiloPort, expired, "expired");
        await RefusedAsync(first, "Silo", first.SiloPort, null, "no_certificate");
        await LoggedAsync(first, "Silo", await Stranger.ShoutAsync(first.SiloPort), "protocol");
        await RefusedAsync(second, "Gateway", second.GatewayPort, foreign.Issue("frontend"), "authority");
        await RefusedAsync(second, "Gateway", second.GatewayPort, expired, "expired");
        await RefusedAsync(second, "Gateway", second.GatewayPort, null, "no_certificate");
        await LoggedAsync(second, "Gateway", await Stranger.ShoutAsync(second.GatewayPort), "protocol");

        (await load.StopAsync()).AssertFlawless();
    }

    [Fact]
    public async Task Certificates_RotatedUnderLoad_CostNoRequest()
    {
        Tools.Require(Tools.RedisServer);
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Frontend.Url);
        await load.WarmUpAsync();

        var issued = cluster.Members.ToDictionary(member => member, Issue);
        await cluster.ExchangeAsync(member => issued[member], cluster.Authority);
        await AssertShownAsync(issued);

        // Change of authority: first trust both, then present the new one's certificates, then stop trusting the old one.
        TestAuthority old = cluster.Authority;
        var next = new TestAuthority("next");
        await cluster.ExchangeAsync(member => issued[member], old, next);
        cluster.Authority = next;
        issued = cluster.Members.ToDictionary(member => member, Issue);
        await cluster.ExchangeAsync(member => issued[member], old, next);
        await AssertShownAsync(issued);
        await cluster.ExchangeAsync(member => issued[member], next);
        await RefusedAsync(cluster.Silos[0], "Gateway", cluster.Silos[0].GatewayPort, old.Issue("frontend"), "authority");

        // A silo that knows only the new authority joins and leaves: it and the others accept each other.
        await cluster.RemoveAsync(await cluster.Add("silo-3"));
        (await load.StopAsync()).AssertFlawless();
    }

    [Fact]
    public async Task Redis_UserOfTheDocumentation_MayDoWhatTheClusterDoes()
    {
        Tools.Require(Tools.RedisServer);
        using var browser = new Browser(cluster.Frontend.Url);
        await browser.PutAsync("name", "value");
        await browser.RotateAsync();
        await browser.DeleteAsync();

        // A page of the shop needs the key ring too.
        using var http = new HttpClient();
        Assert.NotEmpty(await http.GetStringAsync(cluster.Frontend.Url, TestContext.Current.CancellationToken));

        // The client tries CONFIG GET and CLUSTER NODES, and works without them.
        Assert.Empty((await cluster.Redis.DeniedAsync()).Except(["command config|get", "command cluster|nodes"]));
    }

    private static async Task RefusedAsync(TlsMember silo, string name, int port, TestCertificate? shown, string reason)
    {
        (int own, int received, _) = await Stranger.KnockAsync(port, shown);
        Assert.Equal(0, received);
        await LoggedAsync(silo, name, own, reason);
    }

    private static Task LoggedAsync(TlsMember silo, string name, int stranger, string reason) => Eventually.TrueAsync(
        $"the refusal of 127.0.0.1:{stranger} for {reason} is logged",
        Soon,
        () => silo.Log.Contains($"Refused a connection to the {name} port from 127.0.0.1:{stranger} ({reason})", StringComparison.Ordinal));

    private async Task AssertShownAsync(Dictionary<TlsMember, TestCertificate> issued)
    {
        foreach (TlsMember silo in cluster.Silos)
        {
            Assert.Equal(issued[silo].SerialNumber, (await Stranger.KnockAsync(silo.GatewayPort, null)).Serial);
            Assert.Equal(issued[silo].SerialNumber, (await Stranger.KnockAsync(silo.SiloPort, null)).Serial);
        }
    }

    private TestCertificate Issue(TlsMember member) => cluster.Issue(member == cluster.Frontend ? "frontend" : "silo");
}
