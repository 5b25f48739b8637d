using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansSessions.Grains.Hosting;

/// <summary>Ready: the silo is an active member of the cluster.</summary>
internal sealed class SiloReadyHealthCheck(ISiloStatusOracle status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(status.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The silo is {status.CurrentStatus}."));
}
