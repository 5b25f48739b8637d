using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client.Telemetry;

/// <summary>The instruments of those who call sessions. One set for the process: a call is a call, whichever door it came through.</summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new(SessionTelemetry.MeterName);

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "orleans_sessions.client.retries", "{retry}", "Attempts that repeat a call to a session which got no answer.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "orleans_sessions.client.failures", "{call}", "Calls to sessions that were given up.");

    public static void Repeated() => Retries.Add(1);

    /// <summary>Counts a call that was given up because no silo answered.</summary>
    public static void TimedOut() => Failures.Add(1, new KeyValuePair<string, object?>("reason", "timeout"));

    /// <summary>Counts a call that a silo could not do without Redis.</summary>
    public static void Refused() => Failures.Add(1, new KeyValuePair<string, object?>("reason", "storage_unavailable"));
}
