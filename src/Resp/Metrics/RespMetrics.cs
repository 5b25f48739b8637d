using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Metrics;

/// <summary>Instruments of the endpoint. Tags contain command names, never keys.</summary>
internal sealed class RespMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OrleansSessions.Resp";

    /// <summary>Tag for unknown commands: clients must not be able to create tag values.</summary>
    public const string OtherCommand = "other";

    private readonly Counter<long> _commands;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _closedForRoom;

    public RespMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _commands = meter.CreateCounter<long>("orleans_sessions.resp.commands", "{command}", "Answered commands.");
        _duration = meter.CreateHistogram(
            "orleans_sessions.resp.command.duration", "s", "From reading a command to its reply.", tags: null, SessionTelemetry.Duration);
        _connections = meter.CreateUpDownCounter<long>("orleans_sessions.resp.connections", "{connection}", "Open connections.");
        _closedForRoom = meter.CreateCounter<long>(
            "orleans_sessions.resp.connections.closed_for_memory", "{connection}", "Connections closed because all connections together buffered too much.");
    }

    public void ConnectionClosedForRoom() => _closedForRoom.Add(1);

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed() => _connections.Add(-1);

    /// <summary>Counts a command.</summary>
    /// <param name="command">Its name as the endpoint defines it, or <see cref="OtherCommand"/>.</param>
    /// <param name="failed">Whether the reply is an error.</param>
    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    public void CommandAnswered(string command, bool failed, long started)
    {
        if (_commands.Enabled || _duration.Enabled)
        {
            KeyValuePair<string, object?> name = new("command", command);
            _commands.Add(1, name, new KeyValuePair<string, object?>("outcome", failed ? "error" : "ok"));
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, name);
        }
    }
}
