using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Health check that passes once the application has started, including its cluster client, and while it is not stopping. It ignores Redis: frontends can read
/// active sessions without it.
/// </summary>
internal sealed class ClientReadyHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthCheckResult result = lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The application is stopping.")
            : lifetime.ApplicationStarted.IsCancellationRequested
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The application is waiting for the session cluster.");
        return Task.FromResult(result);
    }
}
