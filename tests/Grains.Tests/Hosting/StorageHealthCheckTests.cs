using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Hosting;

[Collection(typeof(ClusterCollection))]
public sealed class StorageHealthCheckTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Check_WithRedis_IsHealthy() =>
        Assert.Equal(
            HealthStatus.Healthy,
            (await CheckAsync(fixture.Cluster.ServicesOf(fixture.Cluster.Silos[0]).GetRequiredService<RedisConnection>(), HealthStatus.Unhealthy)).Status);

    [Theory]
    [InlineData(HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded)]
    public async Task Check_WithoutRedis_FailsAsRegisteredAndNamesTheAddress(HealthStatus registered)
    {
        int port = LoopbackPort.Next();
        var options = new RedisOptions { ConnectionString = $"redis://:hunter2@127.0.0.1:{port}" };
        await using var away = new RedisConnection(Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);

        HealthCheckResult result = await CheckAsync(away, registered);

        Assert.Equal(registered, result.Status);
        Assert.Equal($"Redis at 127.0.0.1:{port} can't be reached.", result.Description);
    }

    private static Task<HealthCheckResult> CheckAsync(RedisConnection redis, HealthStatus failure)
    {
        var check = new StorageHealthCheck(redis);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("storage", check, failure, tags: null) };
        return check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
    }
}
