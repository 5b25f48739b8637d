using Orleans.Concurrency;
using Orleans.Services;

namespace OrleansSessions.Grains.Leases;

/// <summary>Lease protocol between silos. One instance per silo, addressed by silo.</summary>
[Alias("session.lease-peer")]
internal interface ILeasePeer : IGrainService
{
    /// <summary>Asks for a promise not to declare a silo dead for the length of a lease, while Redis can't be reached.</summary>
    [Alias("promise"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    Task<LeaseAnswer> PromiseAsync(SiloAddress holder);

    /// <summary>Does nothing: an answer shows that the two silos can reach each other.</summary>
    [Alias("ping"), AlwaysInterleave, ResponseTimeout("00:00:04")]
    Task PingAsync();
}
