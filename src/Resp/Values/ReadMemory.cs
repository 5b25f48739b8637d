using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>
/// Memory of one connection's reads under merging prefixes, for computing what a write changes. Bounded: reads are forgotten after <see cref="MaxAge"/>, and the
/// oldest first if there are too many; a write then replaces the whole session, like a write without a read. MGET reads many sessions at once, so access is
/// locked.
/// </summary>
internal sealed class ReadMemory
{
    /// <summary>Longer than a request takes.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    /// <summary>Enough for clients that share one connection among hundreds of requests.</summary>
    public const int MaxSessions = 1_024;

    /// <summary>Maximum bytes of remembered entries, not counting the latest read.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, LinkedListNode<(SessionKey Key, RememberedRead Read, DateTimeOffset At)>> _nodes = [];
    private readonly LinkedList<(SessionKey Key, RememberedRead Read, DateTimeOffset At)> _latestFirst = [];
    private long _bytes;

    public RememberedRead? Find(SessionKey key, DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_latestFirst.Last is { } oldest && now - oldest.Value.At > MaxAge)
            {
                Remove(oldest.Value.Key);
            }

            return _nodes.TryGetValue(key, out var node) ? node.Value.Read : null;
        }
    }

    public void Remember(SessionKey key, RememberedRead read, DateTimeOffset now)
    {
        lock (_lock)
        {
            Remove(key);
            _nodes[key] = _latestFirst.AddFirst((key, read, now));
            _bytes += read.Bytes;
            while (_nodes.Count > MaxSessions || (_bytes > MaxBytes && _nodes.Count > 1))
            {
                Remove(_latestFirst.Last!.Value.Key);
            }
        }
    }

    public void Forget(SessionKey key)
    {
        lock (_lock)
        {
            Remove(key);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _nodes.Clear();
            _latestFirst.Clear();
            _bytes = 0;
        }
    }

    private void Remove(SessionKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _latestFirst.Remove(node);
            _bytes -= node.Value.Read.Bytes;
        }
    }
}
