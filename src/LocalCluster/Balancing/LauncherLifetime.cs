using Microsoft.Extensions.Hosting;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Leaves signals to the launcher, which stops the balancer and the members in order.</summary>
internal sealed class LauncherLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
