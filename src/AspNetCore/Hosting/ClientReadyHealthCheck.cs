using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Ready: the application has started, for which its cluster client must have connected, and is not stopping. Whether Redis answers is not asked: frontends can
/// read active sessions without it.
/// </summary>
internal sealed class ClientReadyHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthCheckResult result = lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The application is stopping.")
            : lifetime.ApplicationStarted.IsCancellationRequested
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The application waits for the session cluster.");
        return Task.FromResult(result);
    }
}
