using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Hosting;

/// <summary>Ready: the silo is an active member of the cluster and reaches Redis.</summary>
internal sealed class SiloReadyHealthCheck(ISiloStatusOracle status, RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthCheckResult result = status.CurrentStatus != SiloStatus.Active
            ? HealthCheckResult.Unhealthy($"The silo is {status.CurrentStatus}.")
            : redis.IsConnected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Redis at {redis.Address} can't be reached.");
        return Task.FromResult(result);
    }
}
