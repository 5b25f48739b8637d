using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>
/// Passive health check that removes a frontend for a moment after its first failed connection. The proxy's built-in policies count several failures
/// first, and users would see each as an error.
/// </summary>
internal sealed class LostConnectionPolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "LostConnection";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (ForwarderFailure.IsLostConnection(context.GetForwarderErrorFeature()))
        {
            TimeSpan period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(1);
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
        }
    }
}
