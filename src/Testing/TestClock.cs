namespace OrleansSessions.Testing;

/// <summary>
/// Clock whose time of day only the test moves. Timers and timestamps run as usual, so that delays between retries and time-outs of calls still elapse.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private long _ticks = DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;

    internal TestClock()
    {
    }

    /// <summary>Returns the time of day: at first the time when the cluster was made, in whole seconds.</summary>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves the time of day forward, for the silos and the applications under test at once.</summary>
    /// <param name="time">How far.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Interlocked.Add(ref _ticks, time.Ticks);
    }
}
