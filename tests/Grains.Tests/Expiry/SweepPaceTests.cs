using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Expiry;

public sealed class SweepPaceTests
{
    [Fact]
    public async Task RunAsync_MoreThanMayRun_StartsTheNextWhenOneIsDone()
    {
        using var pace = new SweepPace();
        int started = 0;
        TaskCompletionSource[] ends = [.. Enumerable.Range(0, SweepPace.MostAtOnce + 2).Select(_ => new TaskCompletionSource())];
        Task<int>[] runs = [.. ends.Select((_, i) => pace.RunAsync(RunAsync, i))];
        Assert.Equal(SweepPace.MostAtOnce, started);

        ends[0].SetResult();
        await runs[0];
        await Eventually.TrueAsync("the next one starts", () => Volatile.Read(ref started) == SweepPace.MostAtOnce + 1);

        // A failure frees a slot, too.
        ends[1].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => runs[1]);
        await Eventually.TrueAsync("the last one starts", () => Volatile.Read(ref started) == ends.Length);

        async Task<int> RunAsync(int number)
        {
            Interlocked.Increment(ref started);
            await ends[number].Task;
            return number;
        }
    }
}
