namespace OrleansSessions.Grains.Sessions;

/// <summary>What an activation knows of the state in Redis.</summary>
internal enum StateKnowledge
{
    /// <summary>Redis could not be asked yet: there is nothing to show.</summary>
    Unread,

    /// <summary>The state in memory is what Redis has.</summary>
    Known,

    /// <summary>A write got no answer: Redis has the state in memory or the one after it. Readers still see the one in memory.</summary>
    InDoubt,
}
