using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Expiry;

public sealed class SweepPaceTests : IDisposable
{
    private readonly SweepPace _pace = new(Options.Create(new SessionClusterOptions { TimeProvider = new FakeTimeProvider() }));

    public void Dispose() => _pace.Dispose();

    [Fact]
    public async Task RunAsync_MoreThanMayRun_StartsTheNextWhenOneIsDone()
    {
        int started = 0;
        TaskCompletionSource[] ends = [.. Enumerable.Range(0, SweepLimit.Least + 2).Select(_ => new TaskCompletionSource())];
        Task<int>[] runs = [.. ends.Select((_, i) => _pace.RunAsync(RunAsync, i))];
        Assert.Equal(SweepLimit.Least, started);

        ends[0].SetResult();
        await runs[0];
        await Eventually.TrueAsync("the next one starts", () => Volatile.Read(ref started) == SweepLimit.Least + 1);

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

    /// <summary>The limit grows and shrinks while calls run: no slot may be lost or gained for good.</summary>
    [Fact]
    public async Task RunAsync_ManyCalls_AllEndAndNeverTooManyRun()
    {
        int running = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 5 * SweepLimit.WindowsBetweenProbes * SweepLimit.WindowCalls).Select(i => _pace.RunAsync(RunAsync, i)));

        Assert.InRange(most, SweepLimit.Least, SweepLimit.Most);

        async Task<int> RunAsync(int number)
        {
            int now = Interlocked.Increment(ref running);
            lock (_pace)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref running);
            return number;
        }
    }
}
