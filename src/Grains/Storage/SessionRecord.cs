using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>Storage record of a session: the state read or to be written, with its deadline for the expiry index.</summary>
internal class SessionRecord : IGrainState<SessionState>
{
    /// <summary>The state last read, or being written.</summary>
    [AllowNull]
    public SessionState State { get; set => field = value ?? SessionState.None; } = SessionState.None;

    /// <summary>The ETag of the state in Redis; null: no state.</summary>
    public string? ETag { get; set; }

    public bool RecordExists { get; set; }

    /// <summary>For a write, the deadline that the index must know no later than the state, in Unix milliseconds; 0: no update is needed.</summary>
    public long NewDeadlineMs { get; protected set; }

    /// <summary>
    /// Whether Redis is known to have no state. The new deadline then replaces any index entry: no state needs the old one, and a removal still in flight must not match
    /// its deadline.
    /// </summary>
    public virtual bool IsKnownToBeAbsent => false;
}
