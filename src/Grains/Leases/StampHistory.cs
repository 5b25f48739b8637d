namespace OrleansSessions.Grains.Leases;

/// <summary>History of the silos' stamps: since when each has had its current value, as seen by this silo. Uses timestamps of the monotonic clock. Not concurrent.</summary>
internal sealed class StampHistory(TimeProvider time)
{
    /// <summary>Maximum pause between two looks that counts as continuous; after a longer one, an unchanged stamp proves nothing.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private Dictionary<string, Sighting> _sightings = new(StringComparer.Ordinal);
    private long _lastLook;

    /// <summary>The silos that have a stamp.</summary>
    public IReadOnlyCollection<string> Silos => _sightings.Keys;

    /// <summary>Records stamps that were just read.</summary>
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

    /// <summary>When the silo's current stamp was first seen; now if it has none.</summary>
    public long FirstSeen(string silo) => _sightings.TryGetValue(silo, out Sighting seen) ? seen.FirstSeen : time.GetTimestamp();

    /// <summary>How long the stamp has not moved while this silo looked on continuously.</summary>
    public TimeSpan StandsStill(string silo) => _sightings.TryGetValue(silo, out Sighting seen) ? time.GetElapsedTime(seen.WatchedSince) : TimeSpan.Zero;

    private readonly record struct Sighting(long Stamp, long FirstSeen, long WatchedSince);
}
