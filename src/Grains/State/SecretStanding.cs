namespace OrleansSessions.Grains.State;

/// <summary>Standing of a presented secret.</summary>
internal enum SecretStanding : byte
{
    /// <summary>The session's current secret; or none, if the session has none.</summary>
    Valid,

    /// <summary>Replaced by a rotation, within its grace.</summary>
    InGrace,

    /// <summary>Replaced by a sign-in, or before one, within its grace: it opens nothing and is no reuse.</summary>
    Superseded,

    /// <summary>Replaced by a rotation, after its grace: presenting it is reuse.</summary>
    UsedUp,

    /// <summary>Replaced by a rotation, and presented so long ago that its caller has given up: neither valid nor reuse.</summary>
    Late,

    /// <summary>No secret, although the session has one.</summary>
    Missing,

    /// <summary>Never one of the session's secrets, or forgotten.</summary>
    Wrong,
}
