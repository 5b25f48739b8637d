namespace OrleansSessions.Grains.Leases;

/// <summary>Verdict on a silo's lease while Redis does not confirm it.</summary>
internal enum PeerVerdict
{
    /// <summary>Lost: a peer did not promise, or Redis has been away for too long.</summary>
    Refused,

    /// <summary>Kept: all peers promised.</summary>
    Promised,

    /// <summary>Kept: there are no peers, and no starting silo takes the sessions over yet.</summary>
    Alone,

    /// <summary>Lost: a peer reaches Redis and takes the sessions over.</summary>
    Contested,

    /// <summary>Lost: the silo was declared dead.</summary>
    Dead,
}
