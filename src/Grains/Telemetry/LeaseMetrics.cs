using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>Instruments of the silo's lease.</summary>
internal sealed class LeaseMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _storageLosses;

    public LeaseMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SessionTelemetry.MeterName);
        _attempts = meter.CreateCounter<long>("orleans_sessions.lease.attempts", "{attempt}", "Attempts to confirm the silo's lease.");
        _storageLosses = meter.CreateCounter<long>("orleans_sessions.storage.losses", "{loss}", "Times that Redis was found to have lost acknowledged writes.");
    }

    /// <summary>Counts an attempt.</summary>
    /// <param name="outcome">The confirming party: <c>redis</c>, <c>peers</c>, <c>alone</c>; or <c>failed</c>.</param>
    public void Attempted(string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void StorageLost() => _storageLosses.Add(1);
}
