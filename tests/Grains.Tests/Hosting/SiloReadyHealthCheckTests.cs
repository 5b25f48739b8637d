using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Tests.Hosting;

[Collection(typeof(ClusterCollection))]
public sealed class SiloReadyHealthCheckTests(ClusterFixture fixture)
{
    private IServiceProvider Silo => fixture.Cluster.ServicesOf(fixture.Cluster.Silos[0]);

    [Fact]
    public async Task Check_ActiveSiloWithRedis_IsHealthy() =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Silo.GetRequiredService<ISiloStatusOracle>(), Silo.GetRequiredService<RedisConnection>())).Status);

    [Fact]
    public async Task Check_ActiveSiloWithoutRedis_IsDegradedAndNamesTheAddress()
    {
        int port = FreePort.Next();
        var options = new RedisOptions { ConnectionString = $"redis://:hunter2@127.0.0.1:{port}" };
        await using var away = new RedisConnection(Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);

        HealthCheckResult result = await CheckAsync(Silo.GetRequiredService<ISiloStatusOracle>(), away);

        // It still serves the sessions in its memory.
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal($"Redis at 127.0.0.1:{port} can't be reached.", result.Description);
    }

    [Fact]
    public async Task Check_SiloThatHasNotJoined_IsUnhealthy()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:Redis"] = fixture.Cluster.Store.Address;
        builder.Configuration["SessionCluster:AdvertisedAddress"] = "127.0.0.1";
        builder.AddSessionCluster();
        using IHost host = builder.Build();

        HealthCheckResult result = await CheckAsync(host.Services.GetRequiredService<ISiloStatusOracle>(), Silo.GetRequiredService<RedisConnection>());

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
    }

    private static Task<HealthCheckResult> CheckAsync(ISiloStatusOracle status, RedisConnection redis) =>
        new SiloReadyHealthCheck(status, redis).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
