using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Hosting;

/// <summary>Health check that passes while the silo is an active member of the cluster and holds its lease.</summary>
internal sealed class SiloReadyHealthCheck(ISiloStatusOracle status, SiloLease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            status.CurrentStatus != SiloStatus.Active ? HealthCheckResult.Unhealthy($"The silo is {status.CurrentStatus}.")
            : !lease.IsValid ? HealthCheckResult.Unhealthy($"The silo's lease is not confirmed ({lease.Standing}).")
            : HealthCheckResult.Healthy());
}
