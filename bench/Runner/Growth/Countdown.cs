using System.Diagnostics;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>
/// Watches sessions end. The time runs from the last look that found none ended, so that a count that is late in coming, because those ends keep the
/// machine busy, does not make them look faster.
/// </summary>
/// <param name="count">How many have ended.</param>
/// <param name="due">How many will.</param>
/// <param name="limit">When to stop waiting.</param>
internal sealed class Countdown(Func<Task<long>> count, long due, TimeSpan limit)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private volatile bool _begun;

    /// <summary>Whether the first has ended.</summary>
    public bool HasBegun => _begun;

    public long Ended { get; private set; }

    /// <summary>From the first one's end to the last one's.</summary>
    public double Seconds { get; private set; }

    public async Task RunAsync()
    {
        long started = Stopwatch.GetTimestamp();
        long begin = started;
        while (Ended < due && Stopwatch.GetElapsedTime(started) < limit)
        {
            long asked = Stopwatch.GetTimestamp();
            long now = await count();
            if (now > Ended)
            {
                _begun = true;
                Ended = Math.Min(now, due);
                Seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
            else if (!_begun)
            {
                begin = asked;
            }

            if (Ended < due)
            {
                await Task.Delay(Poll);
            }
        }
    }
}
