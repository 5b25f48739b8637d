namespace OrleansSessions.Grains.Expiry;

/// <summary>
/// Number of sweep calls that may run at once, found by measuring how long they take. When very many sessions expire at once, requests for active sessions compete with
/// the sweep for CPU time and for Redis, and both slow down. The baseline is the mean duration with few calls at once, measured now and then; the limit grows while calls
/// take at most <see cref="Tolerance"/> times as long, and shrinks otherwise. Not safe for parallel use.
/// </summary>
internal sealed class SweepLimit
{
    /// <summary>Enough to hide the round trips to Redis; more would hardly speed up the sweep and slow down everything else.</summary>
    public const int Most = 16;

    /// <summary>The sweep always makes progress.</summary>
    public const int Least = 2;

    /// <summary>Number of calls whose mean duration is compared.</summary>
    public const int WindowCalls = 64;

    /// <summary>Every so many windows, one measures the duration with <see cref="Least"/> calls at once.</summary>
    public const int WindowsBetweenProbes = 50;

    /// <summary>Calls may take so many times as long as with few at once.</summary>
    public const double Tolerance = 3;

    private int _limit = Least;
    private int _calls;
    private TimeSpan _sum;
    private TimeSpan _baseline;

    /// <summary>The current limit.</summary>
    public int AtOnce => IsProbing ? Least : _limit;

    /// <summary>The window of calls that start now.</summary>
    public int Window { get; private set; }

    private bool IsProbing => Window % WindowsBetweenProbes == 0;

    /// <summary>Adds a call that has ended. One of an earlier window does not count, because it ran beside another number of calls.</summary>
    public void Add(TimeSpan duration, int window)
    {
        if (window != Window)
        {
            return;
        }

        _sum += duration;
        if (++_calls < WindowCalls)
        {
            return;
        }

        TimeSpan mean = _sum / WindowCalls;
        (_calls, _sum) = (0, TimeSpan.Zero);
        if (AtOnce == Least)
        {
            _baseline = mean;
        }

        if (!IsProbing)
        {
            _limit = mean <= _baseline * Tolerance ? Math.Min(_limit + 1, Most) : Math.Max(_limit * 3 / 4, Least);
        }

        Window++;
    }
}
