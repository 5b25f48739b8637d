using System.Collections.Concurrent;

namespace OrleansSessions.Resp.Connections;

/// <summary>
/// Watchdog that disconnects slow clients, once a second. A connection stays watched until it is closed, because a client that reads no replies can hold it even
/// after its commands are done.
/// </summary>
internal sealed class ConnectionWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RespConnection, bool> _connections = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ConnectionWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((ConnectionWatch)state!).Look(), this, Interval, Interval);
    }

    /// <summary>Watches a connection.</summary>
    public void Add(RespConnection connection) => _connections[connection] = false;

    /// <summary>Watches a connection whose work is done until it is closed.</summary>
    public void Finish(RespConnection connection) => _connections[connection] = true;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = _time.GetTimestamp();
        foreach ((RespConnection connection, bool isFinished) in _connections)
        {
            if (isFinished && connection.IsClosed)
            {
                _connections.TryRemove(connection, out _);
            }
            else if (connection.IsOverdue(now))
            {
                connection.Abort("The client exceeded Resp:SlowClientTimeout or Resp:IdleTimeout.");
            }
        }
    }
}
