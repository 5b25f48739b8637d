namespace OrleansSessions.Grains.Leases;

/// <summary>What the last attempt to confirm the silo's lease found.</summary>
internal enum LeaseStanding : byte
{
    /// <summary>No attempt has ended since the silo started, or the last one came too late.</summary>
    Unconfirmed,

    /// <summary>Redis or the peers confirmed it.</summary>
    Confirmed,

    /// <summary>Redis did not answer, and no peer said that it can reach Redis.</summary>
    StorageAway,

    /// <summary>Redis did not answer here, but a peer can reach it and will take the sessions over.</summary>
    Contested,

    /// <summary>The silo is dead to the cluster. Its process is ending.</summary>
    Revoked,
}
