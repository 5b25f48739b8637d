using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>The silo's instruments for its lease.</summary>
internal sealed class LeaseMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _storageLosses;

    public LeaseMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SessionTelemetry.MeterName);
        _refused = meter.CreateCounter<long>("orleans_sessions.lease.refusals", "{call}", "Calls refused because the silo could not prove that it owns its sessions.");
        _storageLosses = meter.CreateCounter<long>("orleans_sessions.storage.losses", "{loss}", "Times that Redis was found to have lost what it had acknowledged.");
    }

    public void Refused() => _refused.Add(1);

    public void StorageLost() => _storageLosses.Add(1);
}
