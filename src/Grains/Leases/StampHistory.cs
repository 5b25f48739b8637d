namespace OrleansSessions.Grains.Leases;

/// <summary>Since when each silo's stamp has had its present value, as this silo saw it. Times are timestamps of the monotonic clock. Not concurrent.</summary>
internal sealed class StampHistory(TimeProvider time)
{
    /// <summary>The longest pause between two looks that counts as looking on: after a longer one, a stamp that has not moved says nothing of its silo.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private Dictionary<string, Sighting> _sightings = new(StringComparer.Ordinal);
    private long _lastLook;

    /// <summary>The silos that have a stamp.</summary>
    public IReadOnlyCollection<string> Silos => _sightings.Keys;

    /// <summary>Takes note of stamps that were just read.</summary>
    public void Look(IReadOnlyDictionary<string, long> stamps)
    {
        long now = time.GetTimestamp();
        bool lookedOn = _sightings.Count > 0 && time.GetElapsedTime(_lastLook, now) <= LongestPause;
        var sightings = new Dictionary<string, Sighting>(stamps.Count, StringComparer.Ordinal);
        foreach ((string silo, long stamp) in stamps)
        {
            Sighting seen = _sightings.TryGetValue(silo, out Sighting known) && known.Stamp == stamp ? known : new Sighting(stamp, now, now);
            sightings[silo] = lookedOn ? seen : seen with { WatchedSince = now };
        }

        _sightings = sightings;
        _lastLook = now;
    }

    /// <summary>When the silo's present stamp was first seen; now if it has none.</summary>
    public long FirstSeen(string silo) => _sightings.TryGetValue(silo, out Sighting seen) ? seen.FirstSeen : time.GetTimestamp();

    /// <summary>How long this silo has looked on without a pause while the other one's stamp did not move.</summary>
    public TimeSpan StandsStill(string silo) => _sightings.TryGetValue(silo, out Sighting seen) ? time.GetElapsedTime(seen.WatchedSince) : TimeSpan.Zero;

    private readonly record struct Sighting(long Stamp, long FirstSeen, long WatchedSince);
}
