using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Reporter of refused handshakes: counts all and logs a limited number, so that a scanner can't fill the disk.</summary>
internal sealed partial class RefusalReporter
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OrleansSessions.Tls";

    /// <summary>The counter's name.</summary>
    public const string CounterName = "orleans_sessions.tls.refused";

    internal const int LinesPerPeriod = 10;
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Counter<long> _refused;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _periodStart;
    private int _lines;
    private int _unlogged;

    public RefusalReporter(IMeterFactory meters, TimeProvider time, ILogger<RefusalReporter> logger)
    {
        _refused = meters.Create(MeterName).CreateCounter<long>(
            CounterName, "{connection}", "Connections to the silo or gateway port that failed in the TLS handshake.");
        (_time, _logger, _periodStart) = (time, logger, time.GetTimestamp());
    }

    /// <summary>Counts and logs a refused peer that connected to a port of this process.</summary>
    public void ReportInbound(ClusterPort port, string reason, EndPoint? remote, string? detail)
    {
        Count(port, reason);
        if (reason == Refusal.Closed)
        {
            // Typical of probes that check whether a port is open.
            LogClosed(_logger, port, remote);
        }
        else if (TakeLine(out int unlogged))
        {
            LogRefused(_logger, port, remote, reason, detail, unlogged);
        }
    }

    /// <summary>Counts a silo that this process connected to and refused. Orleans logs the exception that follows.</summary>
    public void Count(ClusterPort port, string reason) =>
        _refused.Add(1, new("port", port == ClusterPort.Silo ? "silo" : "gateway"), new KeyValuePair<string, object?>("reason", reason));

    private bool TakeLine(out int unlogged)
    {
        lock (_lock)
        {
            unlogged = 0;
            if (_time.GetElapsedTime(_periodStart) >= Period)
            {
                (_periodStart, _lines) = (_time.GetTimestamp(), 0);
            }

            if (_lines == LinesPerPeriod)
            {
                _unlogged++;
                return false;
            }

            _lines++;
            (unlogged, _unlogged) = (_unlogged, 0);
            return true;
        }
    }

    [LoggerMessage(510, LogLevel.Warning, "Refused a connection to the {Port} port from {Remote} ({Reason}): {Detail} Suppressed since the last message: {Unlogged}.")]
    private static partial void LogRefused(ILogger logger, ClusterPort port, EndPoint? remote, string reason, string? detail, int unlogged);

    [LoggerMessage(511, LogLevel.Debug, "A connection to the {Port} port from {Remote} was closed without sending data.")]
    private static partial void LogClosed(ILogger logger, ClusterPort port, EndPoint? remote);
}
