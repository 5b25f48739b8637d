using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>A session's place in Redis: what was read from it, or is to be written to it, and what the expiry index is to be told with it.</summary>
internal class SessionRecord : IGrainState<SessionState>
{
    /// <summary>The state that was read last, or that is being written.</summary>
    [AllowNull]
    public SessionState State { get; set => field = value ?? SessionState.None; } = SessionState.None;

    /// <summary>The mark of the state that Redis is known to have; null: Redis has none.</summary>
    public string? ETag { get; set; }

    public bool RecordExists { get; set; }

    /// <summary>With a write, the deadline that the index has to know no later than the state, in Unix milliseconds; 0: the index knows enough.</summary>
    public long NewDeadlineMs { get; protected set; }

    /// <summary>
    /// Whether Redis is known to have no state. The new deadline then replaces whatever the index has: no state needs that, and a removal of it that is still on its way
    /// must not find the deadline that it names.
    /// </summary>
    public virtual bool IsKnownToBeAbsent => false;
}
