using System.Diagnostics.Metrics;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Counter of late writes: the client had read a session that has since ended. They are answered OK and dropped.</summary>
internal sealed class LateWriteMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _counter = meters.Create("OrleansSessions.Resp").CreateCounter<long>(
        "orleans_sessions.resp.late_writes", "{write}", "Writes based on an ended session: acknowledged and dropped.");

    public void Count() => _counter.Add(1);
}
