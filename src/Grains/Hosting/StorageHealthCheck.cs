using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Health check that passes while Redis can be reached. A silo that fails it still serves the sessions in its memory: frontends find silos by membership, not by
/// readiness, so an outage takes no reader away. It stops a rollout, and new Redis-protocol connections while other silos have Redis.
/// </summary>
internal sealed class StorageHealthCheck(RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(redis.IsConnected
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, $"Redis at {redis.Address} can't be reached."));
    }
}
