using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansSessions.ServiceDefaults.Health;
using OrleansSessions.ServiceDefaults.Lifetime;
using OrleansSessions.ServiceDefaults.Management;
using OrleansSessions.ServiceDefaults.Telemetry;

namespace OrleansSessions.ServiceDefaults;

/// <summary>Defaults shared by every process of a session cluster.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds telemetry, health checks, the management port (<c>Management:Port</c>), and a lifetime that drains before it stops (<c>Shutdown:DrainDelay</c>) and,
    /// if <c>ExitWithParent</c> is <c>true</c>, ends with the parent process.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="managementOnly">
    /// Whether HTTP serves management only: then metrics are served even without a management port, and with one, the process listens on no other HTTP port.
    /// </param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, bool managementOnly = false)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);

        ManagementEndpoints management = builder.AddManagement(managementOnly);
        builder.AddTelemetry(management);
        builder.AddLifetime();
        builder.Services.AddHealthChecks()
            .AddCheck<StartedHealthCheck>("started", tags: [HealthTags.Startup, HealthTags.Ready])
            .AddCheck<DrainHealthCheck>("drain", tags: [HealthTags.Ready]);
        return builder;
    }

    /// <summary>Makes the process listen at one more URL. Call it after <see cref="AddServiceDefaults"/>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The name of the endpoint among Kestrel's, if those are named.</param>
    /// <param name="url">The URL: scheme, host and port.</param>
    public static IHostApplicationBuilder ListenAlso(this IHostApplicationBuilder builder, string name, string url)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(url);

        builder.ListenAt(name, url, alone: false);
        return builder;
    }

    /// <summary>
    /// Whether the process records traces, that is, whether <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Add per-call costs that only traces need if it is true.
    /// </summary>
    public static bool RecordsTraces(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.HasCollector();
    }

    /// <summary>
    /// Serves <c>/healthz/live</c>, which returns 200 while the process serves requests and runs no check; <c>/healthz/startup</c>, which returns 503 until the whole
    /// process has started; <c>/healthz/ready</c>, which runs the health checks tagged <see cref="HealthTags.Ready"/> and returns 503 with the reasons if one is
    /// unhealthy; and <c>/metrics</c>, for Prometheus. Call it before middleware that uses sessions or routes.
    /// </summary>
    public static IApplicationBuilder UseManagementEndpoints(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);

        app.ApplicationServices.GetRequiredService<ManagementEndpoints>().Use(app);
        return app;
    }
}
