using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OrleansSessions.Instrumentation;

/// <summary>Adds the telemetry of OrleansSessions to an application that uses OpenTelemetry. Call it in frontends and in silos alike.</summary>
/// <remarks>Instruments and spans are listed in the documentation. Those of Orleans itself are separate: meter <c>Microsoft.Orleans</c>, sources <c>Microsoft.Orleans.*</c>.</remarks>
public static class InstrumentationExtensions
{
    /// <summary>Collects the metrics of sessions, of the RESP endpoint and of the cluster's TLS.</summary>
    /// <param name="builder">The builder of the application's metrics.</param>
    public static MeterProviderBuilder AddOrleansSessionsInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(TelemetryNames.Sessions, TelemetryNames.Resp, TelemetryNames.ClusterTls);
    }

    /// <summary>Records the spans of calls to sessions and of their storage.</summary>
    /// <param name="builder">The builder of the application's traces.</param>
    public static TracerProviderBuilder AddOrleansSessionsInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(TelemetryNames.Sessions);
    }
}
