using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.ServiceDefaults.Health;

/// <summary>Health check that passes once the whole process has started, including joining or finding its cluster.</summary>
internal sealed class StartedHealthCheck(IHostApplicationLifetime application) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(application.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The process is starting."));
}
