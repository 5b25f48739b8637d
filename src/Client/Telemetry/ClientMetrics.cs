using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client.Telemetry;

/// <summary>Instruments of session callers. Shared by the whole process: a call counts the same from every door.</summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new(SessionTelemetry.MeterName);

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "orleans_sessions.client.retries", "{retry}", "Retries of calls to sessions that got no answer.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "orleans_sessions.client.failures", "{call}", "Calls to sessions that were given up.");

    public static void Repeated() => Retries.Add(1);

    /// <summary>Counts a call given up because no silo answered.</summary>
    public static void TimedOut() => Failures.Add(1, new KeyValuePair<string, object?>("reason", "timeout"));

    /// <summary>Counts a call that a silo refused because Redis is away.</summary>
    public static void Refused() => Failures.Add(1, new KeyValuePair<string, object?>("reason", "storage_unavailable"));
}
