using Microsoft.Extensions.Hosting;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Host lifetime that ignores signals: the launcher handles them, and stops the balancer and the members in order.</summary>
internal sealed class LauncherLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
