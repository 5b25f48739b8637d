using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.Redis;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Ready: the silo is an active member of the cluster. Without Redis it is degraded, which still counts as ready: it serves the sessions in its memory, and
/// taking it away from the frontends would help nobody.
/// </summary>
internal sealed class SiloReadyHealthCheck(ISiloStatusOracle status, RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthCheckResult result = status.CurrentStatus != SiloStatus.Active
            ? HealthCheckResult.Unhealthy($"The silo is {status.CurrentStatus}.")
            : redis.IsConnected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"Redis at {redis.Address} can't be reached.");
        return Task.FromResult(result);
    }
}
