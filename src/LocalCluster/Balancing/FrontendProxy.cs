using System.Globalization;
using OrleansSessions.LocalCluster.Members;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>The proxy's configuration.</summary>
internal static class FrontendProxy
{
    private const string ClusterId = "frontends";

    // Links and redirects must use the host that the browser requested. X-Forwarded-For, -Proto and -Host are set by default.
    public static RouteConfig Route { get; } = new RouteConfig
    {
        RouteId = "all",
        ClusterId = ClusterId,
        Match = new RouteMatch { Path = "{**path}" },
    }.WithTransformUseOriginalHostHeader();

    public static ClusterConfig Cluster(IEnumerable<(string Name, Uri Url)> frontends) => new()
    {
        ClusterId = ClusterId,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = frontends.ToDictionary(frontend => frontend.Name, frontend => new DestinationConfig { Address = frontend.Url.AbsoluteUri }),
        HealthCheck = new HealthCheckConfig
        {
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(2),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = HttpReadinessProbe.Path,
            },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = LostConnectionPolicy.PolicyName, ReactivationPeriod = TimeSpan.FromSeconds(2) },
        },

        // The server decodes headers as UTF-8. Encoding them the same way sends the browser's original bytes, so the frontend decides whether they are valid.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "utf-8" },

        // Longer than a frontend's own time limit for calls to the cluster.
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(30) },
        Metadata = new Dictionary<string, string>
        {
            [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = 2.ToString(CultureInfo.InvariantCulture),
        },
    };
}
