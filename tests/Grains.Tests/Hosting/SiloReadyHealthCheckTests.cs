using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Hosting;

[Collection(typeof(ClusterCollection))]
public sealed class SiloReadyHealthCheckTests(ClusterFixture fixture)
{
    private IServiceProvider Silo => fixture.Cluster.ServicesOf(fixture.Cluster.Silos[0]);

    [Fact]
    public async Task Check_ActiveSilo_IsHealthy()
    {
        await Silo.GetRequiredService<SiloLease>().EnsureAsync();

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Silo)).Status);
    }

    [Fact]
    public async Task Check_ActiveSiloWithoutLease_IsUnhealthy()
    {
        var lease = new SiloLease(TimeProvider.System);

        HealthCheckResult result = await new SiloReadyHealthCheck(Silo.GetRequiredService<ISiloStatusOracle>(), lease)
            .CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
    }

    [Fact]
    public async Task Check_SiloThatHasNotJoined_IsUnhealthy()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:Redis"] = fixture.Cluster.Store.ConnectionString;
        builder.Configuration["SessionCluster:AdvertisedAddress"] = "127.0.0.1";
        builder.AddSessionCluster();
        using IHost host = builder.Build();

        HealthCheckResult result = await CheckAsync(host.Services);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
    }

    private static Task<HealthCheckResult> CheckAsync(IServiceProvider silo) =>
        new SiloReadyHealthCheck(silo.GetRequiredService<ISiloStatusOracle>(), silo.GetRequiredService<SiloLease>())
            .CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
