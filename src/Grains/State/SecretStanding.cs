namespace OrleansSessions.Grains.State;

/// <summary>What a presented secret is worth.</summary>
internal enum SecretStanding : byte
{
    /// <summary>The session's secret; or none, and the session has none.</summary>
    Valid,

    /// <summary>A rotation has replaced it, and its grace is not over.</summary>
    InGrace,

    /// <summary>A rotation has replaced it, and its grace is over: presenting it is reuse.</summary>
    UsedUp,

    /// <summary>None, and the session has one.</summary>
    Missing,

    /// <summary>It was never one of the session's, or so long ago that it is forgotten.</summary>
    Wrong,
}
