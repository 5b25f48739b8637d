using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace OrleansSessions.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public const string Prefix = "/healthz";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapChecks(endpoints, "live", new HealthCheckOptions { Predicate = _ => false });
        MapChecks(endpoints, "ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(HealthTags.Ready) });
    }

    // Probes carry no credentials, and several a second per process would drown the request metrics.
    private static void MapChecks(IEndpointRouteBuilder endpoints, string name, HealthCheckOptions options) =>
        endpoints.MapHealthChecks($"{Prefix}/{name}", options).AllowAnonymous().DisableHttpMetrics();
}
