namespace OrleansSessions.Tests.Shared;

/// <summary>Memory that is in use after unused activations have been collected.</summary>
internal static class SettledMemory
{
    private const int QuarterMiB = 1 << 18;

    /// <summary>Collects garbage until five collections in a row find nothing.</summary>
    /// <returns>The least memory seen, in bytes.</returns>
    public static async Task<long> MeasureAsync(CancellationToken cancellationToken)
    {
        long least = long.MaxValue;
        for (int unchanged = 0; unchanged < 5;)
        {
            long now = GC.GetTotalMemory(forceFullCollection: true);
            unchanged = now < least - QuarterMiB ? 0 : unchanged + 1;
            least = Math.Min(least, now);
            await Task.Delay(200, cancellationToken);
        }

        return least;
    }
}
