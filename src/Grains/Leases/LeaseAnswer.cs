namespace OrleansSessions.Grains.Leases;

/// <summary>Answer of a peer to a silo that can't confirm its lease in Redis.</summary>
[GenerateSerializer, Alias("session.lease-answer")]
internal enum LeaseAnswer : byte
{
    /// <summary>The peer can't decide: it does not know the silo, or may have declared it dead a moment ago.</summary>
    Unsure = 0,

    /// <summary>The peer can't reach Redis either, and will not declare the silo dead for the length of a lease.</summary>
    Promised = 1,

    /// <summary>The peer can reach Redis and will take the silo's sessions over.</summary>
    StorageReachable = 2,

    /// <summary>The silo was declared dead.</summary>
    Dead = 3,
}
