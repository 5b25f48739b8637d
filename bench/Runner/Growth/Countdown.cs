using System.Diagnostics;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>
/// Observer of sessions that end. The time runs from the last poll that found none ended, so a delayed poll on a busy machine does not make the ends look faster.
/// </summary>
/// <param name="count">Returns the number that have ended.</param>
/// <param name="due">The number that will end.</param>
/// <param name="limit">The time limit.</param>
internal sealed class Countdown(Func<Task<long>> count, long due, TimeSpan limit)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private volatile bool _begun;

    /// <summary>Whether the first session has ended.</summary>
    public bool HasBegun => _begun;

    public long Ended { get; private set; }

    /// <summary>Seconds from the first end to the last.</summary>
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
