namespace OrleansSessions.Grains.Leases;

/// <summary>Whether a silo keeps its lease while Redis does not confirm it.</summary>
internal enum PeerVerdict
{
    /// <summary>It does not: a peer did not promise, or Redis has been away for too long.</summary>
    Refused,

    /// <summary>It does: all peers promised.</summary>
    Promised,

    /// <summary>It does: there are no peers, and no silo that starts takes its sessions over yet.</summary>
    Alone,

    /// <summary>It does not: a peer reaches Redis and takes the sessions over.</summary>
    Contested,

    /// <summary>It was declared dead.</summary>
    Dead,
}
