using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.ServiceDefaults.Health;

namespace OrleansSessions.ServiceDefaults.Management;

/// <summary>Health and metrics endpoints: request matching and responses.</summary>
/// <param name="port">The dedicated port; null: they share the application's addresses.</param>
/// <param name="withMetrics">Whether <c>/metrics</c> is served.</param>
internal sealed class ManagementEndpoints(int? port, bool withMetrics)
{
    public const string HealthPath = "/healthz";
    public const string MetricsPath = "/metrics";

    /// <summary>Whether this process serves metrics for scraping.</summary>
    public bool ServesMetrics => withMetrics;

    /// <summary>Whether a path belongs to these endpoints, on any port.</summary>
    public static bool IsPath(PathString path) => path.StartsWithSegments(HealthPath) || path.StartsWithSegments(MetricsPath);

    public void Use(IApplicationBuilder app) => app.MapWhen(Matches, Configure);

    // Match the connection's local port: the sender can put anything into the Host header.
    private bool Matches(HttpContext context) =>
        port is null
            ? context.Request.Path.StartsWithSegments(HealthPath) || (withMetrics && context.Request.Path.StartsWithSegments(MetricsPath))
            : context.Connection.LocalPort == port;

    private void Configure(IApplicationBuilder branch)
    {
        branch.Use(static (context, next) =>
        {
            // Several probes a second per process would dominate the application's own requests.
            if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
            {
                tags.MetricsDisabled = true;
            }

            return next(context);
        });
        branch.UseHealthChecks($"{HealthPath}/live", new HealthCheckOptions { Predicate = static _ => false });
        branch.UseHealthChecks($"{HealthPath}/startup", Checks(HealthTags.Startup));
        branch.UseHealthChecks($"{HealthPath}/ready", Checks(HealthTags.Ready));
        if (withMetrics)
        {
            branch.UseOpenTelemetryPrometheusScrapingEndpoint(MetricsPath);
        }
    }

    private static HealthCheckOptions Checks(string tag) => new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync };

    // One line for each failed check.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        IEnumerable<string> failures = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"\n{entry.Key}: {entry.Value.Description ?? entry.Value.Status.ToString()}");
        return context.Response.WriteAsync(report.Status + string.Concat(failures));
    }
}
