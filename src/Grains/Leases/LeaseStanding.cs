namespace OrleansSessions.Grains.Leases;

/// <summary>Result of the last attempt to confirm the silo's lease.</summary>
internal enum LeaseStanding : byte
{
    /// <summary>No attempt has finished since the silo started, or the last one was too late.</summary>
    Unconfirmed,

    /// <summary>Redis or the peers confirmed it.</summary>
    Confirmed,

    /// <summary>Redis did not answer, and no peer reported that it can reach Redis.</summary>
    StorageAway,

    /// <summary>Redis did not answer here, but a peer can reach it and will take the sessions over.</summary>
    Contested,

    /// <summary>The silo was declared dead. Its process is ending.</summary>
    Revoked,
}
