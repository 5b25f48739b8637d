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
    private EndedSession? _ended;

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
            if (read is { Incarnation: null, IsComparable: true })
            {
                read = EndedBefore(key) is { } ended && ended.MayMove(now) ? read with { Ended = ended } : read;
            }

            _ended = read.IsComparable ? null : _ended;
            Remove(key);
            _nodes[key] = _latestFirst.AddFirst((key, read, now));
            _bytes += read.Bytes;
            while (_nodes.Count > MaxSessions || (_bytes > MaxBytes && _nodes.Count > 1))
            {
                Remove(_latestFirst.Last!.Value.Key);
            }
        }
    }

    /// <summary>
    /// Records that a session had ended elsewhere before the client wrote or ended it. If the client reads an unused key next, it moves the session to a new id.
    /// </summary>
    /// <param name="user">The entry that named the session's user.</param>
    /// <param name="now">The time.</param>
    public void RememberEnded(SessionEntry user, DateTimeOffset now)
    {
        lock (_lock)
        {
            _ended = new EndedSession(user, now);
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
            _ended = null;
        }
    }

    /// <summary>The ended session that a read of an unused key may continue; null: there is none.</summary>
    private EndedSession? EndedBefore(SessionKey key) => _ended ?? (_nodes.TryGetValue(key, out var node) ? node.Value.Read.Ended : null);

    private void Remove(SessionKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _latestFirst.Remove(node);
            _bytes -= node.Value.Read.Bytes;
        }
    }
}
