using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansSessions.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public const string Prefix = "/healthz";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapChecks(endpoints, "live", new HealthCheckOptions { Predicate = _ => false });
        MapChecks(endpoints, "ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(HealthTags.Ready), ResponseWriter = WriteAsync });
    }

    // What is wrong, one line for each check.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var failures = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"\n{entry.Key}: {entry.Value.Description ?? entry.Value.Status.ToString()}");
        return context.Response.WriteAsync(report.Status + string.Concat(failures));
    }

    // Probes carry no credentials, and several a second per process would drown the request metrics.
    private static void MapChecks(IEndpointRouteBuilder endpoints, string name, HealthCheckOptions options) =>
        endpoints.MapHealthChecks($"{Prefix}/{name}", options).AllowAnonymous().DisableHttpMetrics();
}
