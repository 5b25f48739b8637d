using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Promises of this silo not to declare others dead, and the declarations that exclude a promise. The first one wins: a peer never both promises a silo and declares
/// it dead.
/// </summary>
internal sealed class LeasePromises(TimeProvider time)
{
    /// <summary>How long a declaration excludes promises unless Redis refused it: it may have taken effect, or still do so.</summary>
    private static readonly TimeSpan Exclusion = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, long> _promisedUntil = [];
    private readonly Dictionary<SiloAddress, long> _declaredUntil = [];

    /// <summary>Promises not to declare the silo dead for the length of a lease. Returns false if a declaration is or may be in progress.</summary>
    public bool TryPromise(SiloAddress silo)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_declaredUntil.TryGetValue(silo, out long until) && now < until)
            {
                return false;
            }

            _promisedUntil[silo] = now + time.TicksOf(SiloLease.Length);
            return true;
        }
    }

    /// <summary>Asks to declare the silo dead, or to vote for it. Returns false if a promise forbids it.</summary>
    public bool TryBeginDeclaration(SiloAddress silo)
    {
        lock (_lock)
        {
            if (_promisedUntil.TryGetValue(silo, out long until) && time.GetTimestamp() < until)
            {
                return false;
            }

            _promisedUntil.Remove(silo);
            _declaredUntil[silo] = long.MaxValue;
            return true;
        }
    }

    /// <summary>Ends a declaration.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="refused">Whether Redis refused it, so that it had no effect.</param>
    public void EndDeclaration(SiloAddress silo, bool refused)
    {
        lock (_lock)
        {
            if (refused)
            {
                _declaredUntil.Remove(silo);
            }
            else
            {
                _declaredUntil[silo] = time.GetTimestamp() + time.TicksOf(Exclusion);
            }
        }
    }
}
