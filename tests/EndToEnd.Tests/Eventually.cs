using System.Diagnostics;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests;

/// <summary>Polling for a change in another process, until a condition holds or a deadline has passed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="what">The awaited condition, for the failure's message.</param>
    /// <param name="within">The time limit.</param>
    /// <param name="condition">The condition. A request that fails or times out counts as false.</param>
    /// <returns>The elapsed time.</returns>
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
            catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
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

    /// <summary>Waits for a point in time: a session's deadline, the end of an outage.</summary>
    public static async Task TimeAsync(DateTimeOffset moment)
    {
        // A delay is truncated to whole milliseconds, so it can end early.
        while (moment - DateTimeOffset.UtcNow is { Ticks: > 0 } left)
        {
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }
}
