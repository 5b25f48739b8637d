using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.ServiceDefaults.Lifetime;

namespace OrleansSessions.ServiceDefaults.Health;

/// <summary>Health check that fails once the process was told to stop.</summary>
internal sealed class DrainHealthCheck(Drain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("The process is stopping.") : HealthCheckResult.Healthy());
}
