using Microsoft.Extensions.Time.Testing;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>
/// Clock on which short timers, such as delays between attempts, elapse at once. Longer ones are deadlines and elapse when the time has come.
/// </summary>
internal sealed class HurryingClock : TimeProvider
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>Starts at the silos' time, because calls carry their deadline.</summary>
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override long TimestampFrequency => _time.TimestampFrequency;

    public void Advance(TimeSpan time) => _time.Advance(time);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _time.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero && dueTime <= LongestDelay)
        {
            // Fire only after the caller has received its timer.
            ThreadPool.QueueUserWorkItem(static call => call._time.Advance(call.dueTime), (_time, dueTime), preferLocal: false);
        }

        return timer;
    }
}
