using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansSessions.Instrumentation;
using OrleansSessions.ServiceDefaults.Health;
using OrleansSessions.ServiceDefaults.Management;

namespace OrleansSessions.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // From a read served from memory to the callers' time limits. ASP.NET Core's own buckets start at 5 ms, when most of our requests have ended.
    private static readonly double[] DurationBuckets =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly string Version =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Whether a collector for metrics and traces is configured.</summary>
    public static bool HasCollector(this IHostApplicationBuilder builder) => !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    public static void AddTelemetry(this IHostApplicationBuilder builder, ManagementEndpoints management)
    {
        // Without either, there are no listeners, and instruments without listeners cost nothing.
        bool exports = builder.HasCollector();
        if (!exports && !management.ServesMetrics)
        {
            return;
        }

        builder.Services.AddSingleton<IHealthCheckPublisher, ReadyMetric>();
        builder.Services.Configure<HealthCheckPublisherOptions>(static options =>
        {
            options.Delay = TimeSpan.FromSeconds(1);
            options.Period = TimeSpan.FromSeconds(5);
            options.Predicate = static check => check.Tags.Contains(HealthTags.Ready);
        });
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                // Shows the build of each process during a rolling upgrade.
                resource.AddAttributes([new("service.version", Version)]);
                if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
                {
                    resource.AddService(builder.Environment.ApplicationName);
                }
            })
            .WithMetrics(metrics =>
            {
                metrics
                    .AddOrleansSessionsInstrumentation()
                    .AddMeter("Microsoft.Orleans", "System.Runtime")
                    .AddAspNetCoreInstrumentation()
                    .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = DurationBuckets });
                if (management.ServesMetrics)
                {
                    metrics.AddPrometheusExporter();
                }
            });
        if (exports)
        {
            telemetry
                .WithTracing(static tracing => tracing
                    .AddOrleansSessionsInstrumentation()
                    .AddSource("Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime")
                    .AddAspNetCoreInstrumentation(static options => options.Filter = static context => !ManagementEndpoints.IsPath(context.Request.Path)))
                .UseOtlpExporter();
        }
    }
}
