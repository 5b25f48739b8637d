using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Ready: Redis can be reached. A silo that is not ready for want of it still serves the sessions in its memory: frontends find silos by membership and never
/// by readiness, so an outage takes no reader away from them. It holds a rollout back, and new connections of Redis-protocol clients while other silos have Redis.
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
