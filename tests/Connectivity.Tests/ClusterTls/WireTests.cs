using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansSessions.AspNetCore;
using OrleansSessions.Client;
using OrleansSessions.Connectivity.ClusterTls;
using OrleansSessions.Contracts;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>Bytes that an eavesdropper sees between a frontend and a silo.</summary>
public sealed class WireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Entry_OnTheWire_IsReadableOnlyWithoutTls(bool tls)
    {
        using EmbeddedStore store = EmbeddedStore.Start();
        using var authority = new TestAuthority("cluster");
        using var ofSilo = new TestCertificateFolder(authority.Issue("orleans-sessions-silo"), authority);
        using var ofFrontend = new TestCertificateFolder(authority.Issue("frontend"), authority);
        string clusterId = tls ? "encrypted" : "plain";

        // The silo listens on a port other than the advertised one.
        HostApplicationBuilder silo = NewHost(tls ? ofSilo : null);
        silo.AddTestSilo(store, clusterId, "silo");
        int told = int.Parse(silo.Configuration["SessionCluster:GatewayPort"]!, CultureInfo.InvariantCulture), listened = LoopbackPort.Next();
        silo.Services.PostConfigure<EndpointOptions>(options => options.GatewayListeningEndpoint = new IPEndPoint(IPAddress.Loopback, listened));
        await using var eavesdropper = new Eavesdropper(told, listened);
        using IHost siloHost = silo.Build();
        await siloHost.StartAsync(Cancellation);

        HostApplicationBuilder frontend = NewHost(tls ? ofFrontend : null);
        frontend.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Redis", store.ConnectionString),
            new("SessionCluster:ClusterId", clusterId),
            new("SessionCluster:ServiceId", clusterId),
        ]);
        frontend.AddOrleansSessionsClient();
        using IHost frontendHost = frontend.Build();
        await frontendHost.StartAsync(Cancellation);

        byte[] entry = Encoding.UTF8.GetBytes($"the entry's text {Guid.NewGuid():N}");
        var client = new SessionClient(frontendHost.Services.GetRequiredService<IGrainFactory>(), SessionClient.MaxIOTimeout, TimeProvider.System);
        var commit = new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            NewSession = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(1) },
            Changes = [SessionChange.Set("name", entry)],
        };
        CommitResult committed = await client.CommitAsync(SessionKey.For("wire", SessionToken.Create()), commit, Cancellation);

        Assert.Equal(CommitOutcome.Applied, committed.Outcome);
        Assert.NotEmpty(eavesdropper.Heard);
        Assert.Equal(!tls, eavesdropper.Heard.AsSpan().IndexOf(entry) >= 0);
        await frontendHost.StopAsync(Cancellation);
        await siloHost.StopAsync(Cancellation);
    }

    private static HostApplicationBuilder NewHost(TestCertificateFolder? certificates)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            certificates?.Settings(ClusterTlsOptions.SectionName).Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)) ?? []);
        return builder;
    }
}
