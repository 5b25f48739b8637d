namespace OrleansSessions.Grains.Sessions;

/// <summary>Knowledge of an activation about the state in Redis.</summary>
internal enum StateKnowledge : byte
{
    /// <summary>Redis has not been read, or could not be: there is no state to show.</summary>
    Unread,

    /// <summary>
    /// Redis has not been read, and a write is in flight that assumes an empty state: Redis stores it or reports an existing one. There is no state to show before its
    /// answer.
    /// </summary>
    Presumed,

    /// <summary>The state in memory equals the one in Redis.</summary>
    Known,

    /// <summary>A write got no answer: Redis has the state in memory or the next one. Readers still see the one in memory.</summary>
    InDoubt,
}
