using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansSessions.ServiceDefaults.Health;
using OrleansSessions.ServiceDefaults.Lifetime;
using OrleansSessions.ServiceDefaults.Telemetry;

namespace OrleansSessions.ServiceDefaults;

/// <summary>What every process of a session cluster does the same way.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds telemetry (exported by OTLP, and only when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set), health checks, and, when
    /// <c>ExitWithParent</c> is <c>true</c>, a lifetime that ends with the parent process.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.AddTelemetry();
        builder.Services.AddHealthChecks();
        builder.AddParentLifetime();
        return builder;
    }

    /// <summary>
    /// Maps <c>/healthz/live</c>, which answers 200 while the process serves requests and runs no check, and <c>/healthz/ready</c>, which runs the
    /// health checks tagged <see cref="HealthTags.Ready"/>, answers 503 when one of them is unhealthy, and says which and why.
    /// </summary>
    public static IEndpointRouteBuilder MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        HealthEndpoints.Map(endpoints);
        return endpoints;
    }
}
