using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Metrics;

namespace OrleansSessions.Resp.Buffers;

/// <summary>
/// Memory budget of all connections' buffers: large commands being received and replies not yet read by the client. Over the budget, the connection that holds
/// the most is closed; of equal ones, the one that has waited longest for its client.
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

    /// <summary>The bytes that all connections buffer.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Adds a connection to the accounting.</summary>
    public void Add(ConnectionBuffers holder) => _holders[holder] = true;

    /// <summary>Removes a connection from the accounting.</summary>
    public void Remove(ConnectionBuffers holder) => _holders.TryRemove(holder, out _);

    /// <summary>Records that a connection buffers more or fewer bytes, and closes connections while the total exceeds the budget.</summary>
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

    /// <summary>Considers connections that wait for their client, and the one that asks for more. Working connections will finish soon.</summary>
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
        "Closed a connection that buffered {Bytes} bytes, because all connections together exceeded Resp:MaxBufferedBytes, {Maximum}. "
        + "Clients read too slowly or request too much at once. Suppressed since the last message: {HeldBack}.")]
    private static partial void LogClosed(ILogger logger, long bytes, long maximum, long heldBack);
}
