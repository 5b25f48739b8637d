using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>A commit without a base is written before the stored state is read.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class CreationTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    private int Reads => _cluster.Faults.Count(_key, StorageOperation.Read);

    private int Writes => _cluster.Faults.Count(_key, StorageOperation.Write);

    [Fact]
    public async Task Commit_NewKey_TakesOneWriteAndNoRead()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        Assert.Equal((0, 1), (Reads, Writes));
        Assert.Equal(1, created.Version);
        Assert.Equal(created.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.Equal(0, Reads);
    }

    [Fact]
    public async Task Commit_ToAnUnreadSession_ChangesIt()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        Assert.Equal((created.Incarnation, 2L), (second.Incarnation, second.Version));
        Assert.Equal(["a=1", "b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_DependingOnAnUnreadEntry_UsesTheStoredState()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("text", "x"), Entries.Set("n", "5"));

        await _cluster.DeactivateAsync(_key);
        Assert.Equal([6], (await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1))).Numbers);

        await _cluster.DeactivateAsync(_key);
        Assert.Equal(CommitOutcome.NotANumber, (await _frontend.CommitAsync(_key, SessionChange.Add("text", 1))).Outcome);

        await _cluster.DeactivateAsync(_key);
        SessionChange ifVersion = SessionChange.SetIfVersion("text", "y"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 1);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, ifVersion)).Outcome);

        await _cluster.DeactivateAsync(_key);
        SessionChange ifMissing = SessionChange.SetIfVersion("text", "z"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 0);
        Assert.Equal(CommitOutcome.Conflict, (await _frontend.CommitAsync(_key, ifMissing)).Outcome);

        Assert.Equal(["text=y", "n=6"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_ForNoSession_ConflictsWithAnUnreadOne()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);

        CommitResult refused = await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "2")) with { BasedOnVersion = 0 });

        Assert.Equal(CommitOutcome.Conflict, refused.Outcome);
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_ToAnUnreadExpiredSession_CreatesANewOne()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);
        _cluster.Clock.SetUtcNow(first.ExpiresAt);

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.Equal(1, second.Version);
        Assert.Equal(["b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Load_WhileTheFirstCommitIsBeingStored_ShowsNothingUnacknowledged()
    {
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> creating = _frontend.CommitAsync(_key, Entries.Set("a", "1"));
        await held.Arrived;
        Task<LoadResult> loading = _frontend.LoadAsync(_key);
        held.Release();

        CommitResult created = await creating;

        Assert.Equal(created.Incarnation, (await loading).Snapshot?.Incarnation);
        Assert.Equal(0, Reads);
    }

    [Fact]
    public async Task Load_WhileTheFirstCommitGetsNoAnswer_ThrowsOrShowsTheStoredState()
    {
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        _cluster.Faults.Next(_key, StorageOperation.Write, StorageFault.AnswerLost);
        Task<CommitResult> creating = _frontend.CommitAsync(_key, SessionChange.Add("n", 1));
        await held.Arrived;
        Task<LoadResult> loading = _frontend.LoadAsync(_key);
        held.Release();

        Assert.Equal([1], (await creating).Numbers);
        Assert.Equal("1", (await loading).Snapshot?.Text("n"));
    }

    [Fact]
    public async Task Commit_ManyFirstOnesAtOnce_MakeOneSessionAndEachAppliesOnce()
    {
        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            _cluster.Frontends[i % 3].ApplyAsync(_key, SessionChange.Add("n", 1))));

        Assert.Single(results.Select(static result => result.Incarnation).Distinct());
        Assert.Equal(Enumerable.Range(1, 30).Select(static n => (long)n), results.Select(static result => result.Numbers[0]).Order());
    }
}
