using System.Diagnostics;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Polling for background work of silos, until a condition holds or a deadline has passed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Longer than two intervals of the silos' own sweep.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(150);

    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Longest, $"Not so within {Longest.TotalSeconds} s: {what}.");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
