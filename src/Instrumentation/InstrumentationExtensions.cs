using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OrleansSessions.Instrumentation;

/// <summary>OpenTelemetry registration of OrleansSessions' meters and spans. Use it in frontends and in silos.</summary>
/// <remarks>The documentation lists the instruments and spans. Orleans' own are separate: meter <c>Microsoft.Orleans</c>, sources <c>Microsoft.Orleans.*</c>.</remarks>
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
