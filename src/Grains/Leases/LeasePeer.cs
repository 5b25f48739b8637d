using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Leases;

/// <summary>Lease protocol of this silo, called by others.</summary>
internal sealed class LeasePeer(GrainId id, Silo silo, ILoggerFactory loggers, LeasePromises promises, LeaseKeeper keeper, IClusterMembershipService membership)
    : GrainService(id, silo, loggers), ILeasePeer
{
    public Task<LeaseAnswer> PromiseAsync(SiloAddress holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        LeaseAnswer answer = membership.CurrentSnapshot.GetSiloStatus(holder) switch
        {
            SiloStatus.Dead => LeaseAnswer.Dead,
            SiloStatus.None or SiloStatus.Created => LeaseAnswer.Unsure,
            _ when keeper.CanReachStorage => LeaseAnswer.StorageReachable,
            _ => promises.TryPromise(holder) ? LeaseAnswer.Promised : LeaseAnswer.Unsure,
        };
        return Task.FromResult(answer);
    }

    public Task PingAsync() => Task.CompletedTask;
}
