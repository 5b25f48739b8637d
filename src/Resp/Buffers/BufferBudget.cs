using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Metrics;

namespace OrleansSessions.Resp.Buffers;

/// <summary>
/// Bounds what all connections together hold in memory for their clients: large commands that are being received and replies that are not taken in. Over the
/// bound, the connection that holds the most is closed, of equal ones the one that has waited longest for its client.
/// </summary>
internal sealed partial class BufferBudget
{
    private readonly ConcurrentDictionary<ConnectionBuffers, bool> _holders = [];
    private readonly Lock _closing = new();
    private readonly long _maximum;
    private readonly RespMetrics _metrics;
    private readonly LogPace _pace;
    private readonly ILogger _logger;
    private long _held;

    public BufferBudget(IOptions<RespOptions> options, RespMetrics metrics, TimeProvider time, ILogger<BufferBudget> logger) =>
        (_maximum, _metrics, _pace, _logger) = (options.Value.MaxBufferedBytes, metrics, new LogPace(time), logger);

    /// <summary>The bytes that all connections hold.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Counts a connection that begins to hold something.</summary>
    public void Add(ConnectionBuffers holder) => _holders[holder] = true;

    /// <summary>Counts a connection no longer.</summary>
    public void Remove(ConnectionBuffers holder) => _holders.TryRemove(holder, out _);

    /// <summary>Counts bytes that a connection holds more, or less, than before, and closes connections if they are too many.</summary>
    /// <param name="bytes">The difference.</param>
    /// <param name="holder">The connection. It is closed itself if none holds more.</param>
    public void Change(long bytes, ConnectionBuffers holder)
    {
        if (Interlocked.Add(ref _held, bytes) > _maximum && bytes > 0)
        {
            MakeRoom(holder);
        }
    }

    private void MakeRoom(ConnectionBuffers holder)
    {
        lock (_closing)
        {
            while (Held > _maximum && FindLargest(holder) is { } largest)
            {
                long bytes = largest.Close();
                Interlocked.Add(ref _held, -bytes);
                _metrics.ConnectionClosedForRoom();
                if (_pace.TryTake(out long heldBack))
                {
                    LogClosed(_logger, bytes, _maximum, heldBack);
                }
            }
        }
    }

    /// <summary>Of those that wait for their client, and the one that asks for more. Those that are working will finish soon.</summary>
    private ConnectionBuffers? FindLargest(ConnectionBuffers holder)
    {
        ConnectionBuffers? largest = holder.IsOpen ? holder : null;
        foreach (ConnectionBuffers other in _holders.Keys)
        {
            if (other.IsOpen && other.IsWaiting && (largest is null || IsBefore(other, largest)))
            {
                largest = other;
            }
        }

        return largest;
    }

    private static bool IsBefore(ConnectionBuffers one, ConnectionBuffers other) =>
        one.Bytes != other.Bytes ? one.Bytes > other.Bytes
        : one.IsWaiting != other.IsWaiting ? one.IsWaiting
        : one.WaitingSince < other.WaitingSince;

    [LoggerMessage(
        430,
        LogLevel.Warning,
        "Closed a connection that held {Bytes} bytes for its client, because all connections together held more than Resp:MaxBufferedBytes allows, {Maximum}. "
        + "Clients read too slowly, or ask for too much at once. Not logged before this one: {HeldBack}.")]
    private static partial void LogClosed(ILogger logger, long bytes, long maximum, long heldBack);
}
