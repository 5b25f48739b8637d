using System.Diagnostics.Metrics;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Counts writes of clients that had read a session which has ended since. They are answered OK and have no effect.</summary>
internal sealed class LateWriteMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _counter = meters.Create("OrleansSessions.Resp").CreateCounter<long>(
        "orleans_sessions.resp.late_writes", "{write}", "Writes based on a session that had ended, which were acknowledged and dropped.");

    public void Count() => _counter.Add(1);
}
