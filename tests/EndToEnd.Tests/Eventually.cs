using System.Diagnostics;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests;

/// <summary>Waits for something that happens in another process, by asking until it is so or a deadline has passed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <param name="within">The longest time to wait.</param>
    /// <param name="condition">The question. A failed request counts as no.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> TrueAsync(string what, TimeSpan within, Func<Task<bool>> condition)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Exception? refused = null;
            try
            {
                if (await condition())
                {
                    return watch.Elapsed;
                }
            }
            catch (HttpRequestException failure)
            {
                refused = failure;
            }

            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"Not so within {within.TotalSeconds:0.#} s: {what}.", refused);
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task<TimeSpan> TrueAsync(string what, TimeSpan within, Func<bool> condition) => TrueAsync(what, within, () => Task.FromResult(condition()));

    /// <summary>Waits for a moment of the clock: a session's deadline, the end of an outage.</summary>
    public static async Task TimeAsync(DateTimeOffset moment)
    {
        // A delay is cut to whole milliseconds, so that it ends before the moment.
        while (moment - DateTimeOffset.UtcNow is { Ticks: > 0 } left)
        {
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }
}
