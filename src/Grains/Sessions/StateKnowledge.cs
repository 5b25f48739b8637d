namespace OrleansSessions.Grains.Sessions;

/// <summary>What an activation knows of the state in Redis.</summary>
internal enum StateKnowledge : byte
{
    /// <summary>Redis was not asked yet, or could not be: there is nothing to show.</summary>
    Unread,

    /// <summary>
    /// Redis was not asked, and a write is on its way that takes it to have nothing: Redis stores it or says that there is something. There is nothing to show
    /// before its answer.
    /// </summary>
    Presumed,

    /// <summary>The state in memory is what Redis has.</summary>
    Known,

    /// <summary>A write got no answer: Redis has the state in memory or the one after it. Readers still see the one in memory.</summary>
    InDoubt,
}
