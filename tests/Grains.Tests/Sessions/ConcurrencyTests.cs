using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class ConcurrencyTests(ClusterFixture fixture)
{
    /// <summary>More concurrent requests than any browser sends.</summary>
    private const int InFlight = 96;

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Add_ThousandParallel_CountsEachOnce()
    {
        const int Count = 1_000;
        long[] sums = new long[Count];

        await ParallelAsync(Count, async (frontend, i) => sums[i] = (await frontend.ApplyAsync(_key, SessionChange.Add("n", 1))).Numbers[0]);

        SessionSnapshot session = await _cluster.Frontend.SnapshotAsync(_key);
        Assert.Equal("1000", session.Text("n"));
        Assert.Equal(Count, session.Version);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), sums.Order());
    }

    [Fact]
    public async Task Set_ThreeHundredParallelDistinct_KeepsAll()
    {
        const int Count = 300;

        await ParallelAsync(Count, (frontend, i) => frontend.ApplyAsync(_key, Entries.Set($"entry {i}", $"value {i}")));

        await _cluster.DeactivateAsync(_key);
        SessionSnapshot session = await _cluster.Frontend.SnapshotAsync(_key);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"entry {i}=value {i}").Order(), session.Entries.Text().Order());
    }

    [Fact]
    public async Task Commit_ManyParallelOnUnusedKey_CreateOneSession()
    {
        var results = new CommitResult[50];

        await ParallelAsync(results.Length, async (frontend, i) => results[i] = await frontend.ApplyAsync(_key, Entries.Set($"{i}", "x")));

        Assert.Single(results.Select(result => result.Incarnation).Distinct());
        Assert.Equal(results.Length, (await _cluster.Frontend.SnapshotAsync(_key)).Entries.Length);
    }

    [Fact]
    public async Task Load_WhileOthersCommit_NeverGoesBack()
    {
        await _cluster.Frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        using var done = new CancellationTokenSource();
        Task[] readers = [.. _cluster.Frontends.Select(async reader =>
        {
            long newest = 0;
            while (!done.IsCancellationRequested)
            {
                long seen = (await reader.SnapshotAsync(_key)).Version;
                Assert.True(seen >= newest, $"Version {seen} was read after {newest}.");
                newest = seen;
            }
        })];

        await ParallelAsync(200, (frontend, _) => frontend.ApplyAsync(_key, SessionChange.Add("n", 1)));

        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    private async Task ParallelAsync(int count, Func<Frontend, int, Task> call)
    {
        IReadOnlyList<Frontend> frontends = _cluster.Frontends;
        using var slots = new SemaphoreSlim(InFlight);
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await slots.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                await call(frontends[i % frontends.Count], i);
            }
            finally
            {
                slots.Release();
            }
        }));
    }
}
