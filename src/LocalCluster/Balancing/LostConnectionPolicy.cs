using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>
/// Leaves out a frontend for a moment as soon as a connection to it fails. The policies that come with the proxy count failures first, and every one
/// counted is an error that somebody sees.
/// </summary>
internal sealed class LostConnectionPolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "LostConnection";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (ForwarderFailure.IsLostConnection(context.GetForwarderErrorFeature()))
        {
            var period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(1);
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
        }
    }
}
