using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Dead silos that may still hold a lease, or have writes in flight. Their successors wait for the lease to run out, and for a while claim each session in Redis
/// before they answer for it, so that a late write is refused.
/// </summary>
/// <remarks>
/// A silo renews its stamp before it checks for its own death. So a stamp that is read after the death and was first seen at some time belongs to a lease that began
/// before that time. A silo that leaves gracefully removes its stamp, and one that finds itself dead replaces it by <see cref="LeaseTable.Stopped"/>: no silo waits
/// for either.
/// </remarks>
internal sealed class Predecessors(TimeProvider time, StampHistory history)
{
    /// <summary>How long after a death sessions are claimed: longer than a process is likely to be frozen with a command in its buffers.</summary>
    public static readonly TimeSpan ClaimWindow = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Death> _deaths = new(StringComparer.Ordinal);
    private long _holdUntil;
    private long _claimUntil;

    /// <summary>How long taking sessions over still has to wait; zero or less: no longer.</summary>
    public TimeSpan Hold => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _holdUntil));

    /// <summary>Whether a session must be claimed when it is first read.</summary>
    public bool MustClaim => ClaimTime > TimeSpan.Zero;

    /// <summary>How long a write of a dead silo may still arrive; zero or less: no longer.</summary>
    public TimeSpan ClaimTime => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _claimUntil));

    /// <summary>Records the dead silos in a membership view, with stamps that were read after it. Not concurrent.</summary>
    public void Follow(ClusterMembershipSnapshot snapshot, IReadOnlyDictionary<string, long> stamps)
    {
        long now = time.GetTimestamp();
        foreach ((SiloAddress address, ClusterMember member) in snapshot.Members)
        {
            string silo = address.ToParsableString();
            if (member.Status == SiloStatus.Dead && stamps.ContainsKey(silo))
            {
                _deaths.TryAdd(silo, new Death(history.FirstSeen(silo) + time.TicksOf(SiloLease.Length), now + time.TicksOf(ClaimWindow)));
            }
        }

        long hold = 0;
        long claim = 0;
        foreach ((string silo, Death death) in _deaths)
        {
            hold = stamps.GetValueOrDefault(silo, LeaseTable.Stopped) != LeaseTable.Stopped ? Math.Max(hold, death.HoldUntil) : hold;
            claim = Math.Max(claim, death.ClaimUntil);
            if (death.ClaimUntil < now && !stamps.ContainsKey(silo))
            {
                _deaths.Remove(silo);
            }
        }

        Volatile.Write(ref _holdUntil, hold);
        Volatile.Write(ref _claimUntil, claim);
    }

    /// <summary>Returns the stamps of silos that ended too long ago to matter.</summary>
    public IReadOnlyList<string> FindObsolete(ClusterMembershipSnapshot snapshot)
    {
        HashSet<string> living =
        [
            .. snapshot.Members.Values.Where(static member => member.Status != SiloStatus.Dead).Select(static member => member.SiloAddress.ToParsableString()),
        ];
        long before = time.GetTimestamp() - time.TicksOf(ClaimWindow);
        return [.. history.Silos.Where(silo => !living.Contains(silo) && history.FirstSeen(silo) < before)];
    }

    private readonly record struct Death(long HoldUntil, long ClaimUntil);
}
