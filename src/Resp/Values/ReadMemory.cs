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

    /// <summary>Longer than PHP takes between giving up one id of a session and reading the next; shorter than most people take to sign in again.</summary>
    public static readonly TimeSpan MaxMove = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, LinkedListNode<(SessionKey Key, RememberedRead Read, DateTimeOffset At)>> _nodes = [];
    private readonly LinkedList<(SessionKey Key, RememberedRead Read, DateTimeOffset At)> _latestFirst = [];
    private long _bytes;
    private (SessionEntry User, DateTimeOffset At)? _ended;

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
                read = EndedUserBefore(key, now) is { } user ? read with { EndedUser = user } : read;
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
            _ended = (user, now);
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

    /// <summary>The user of the ended session that a read of an unused key continues; null: it continues none.</summary>
    private SessionEntry? EndedUserBefore(SessionKey key, DateTimeOffset now) =>
        _ended is { } ended && now - ended.At < MaxMove ? ended.User
        : _nodes.TryGetValue(key, out var node) && now - node.Value.At < MaxMove ? node.Value.Read.EndedUser
        : null;

    private void Remove(SessionKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _latestFirst.Remove(node);
            _bytes -= node.Value.Read.Bytes;
        }
    }
}
