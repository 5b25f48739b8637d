using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Writes without an answer: Redis may or may not have them, and the caller learns which, or nothing.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class InDoubtTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly StorageFaults _faults = fixture.Cluster.Faults;
    private readonly string _key = SessionTestCluster.NewKey();

    [Theory]
    [InlineData(nameof(StorageFault.Lost))]
    [InlineData(nameof(StorageFault.AnswerLost))]
    public async Task Commit_NoAnswerOnce_IsAppliedOnce(string fault)
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        _faults.Next(_key, StorageOperation.Write, Enum.Parse<StorageFault>(fault));

        CommitResult result = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));

        Assert.Equal([2], result.Numbers);
        Assert.Equal(2, result.Version);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
        await _cluster.DeactivateAsync(_key);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_NoAnswerAndNoIndexEntry_EntersTheSessionAgain()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        await _cluster.Store.Database.SortedSetRemoveAsync(_cluster.Store.IndexKey(_key), _key);
        _faults.Next(_key, StorageOperation.Write, StorageFault.AnswerLost);

        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));

        Assert.Equal(created.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Theory]
    [InlineData(nameof(StorageFault.Lost))]
    [InlineData(nameof(StorageFault.AnswerLost))]
    public async Task Commit_NoAnswerOnCreation_CreatesOneSession(string fault)
    {
        _faults.Next(_key, StorageOperation.Write, Enum.Parse<StorageFault>(fault));

        CommitResult result = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal((result.Incarnation, 1L), (session.Incarnation, session.Version));
        Assert.Equal("1", session.Text("n"));
    }

    [Fact]
    public async Task Commit_NoAnswersAtAll_ThrowsAndRepetitionAppliesOnce()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));

        // Redis executes everything and answers nothing.
        _faults.Always(_key, static operation => operation == StorageOperation.Read ? StorageFault.Lost : StorageFault.AnswerLost);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, commit));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, commit));
        _faults.Heal(_key);

        CommitResult result = await _frontend.CommitAsync(_key, commit);

        Assert.Equal((CommitOutcome.Applied, 2L), (result.Outcome, result.Version));
        Assert.Equal([2], result.Numbers);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_LostTwice_ThrowsAndLeavesTheSession()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        _faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, SessionChange.Add("n", 1)));
        _faults.Heal(_key);

        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
        Assert.Equal([2], (await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1))).Numbers);
    }

    [Fact]
    public async Task Destroy_AnswerLost_IsTrueAndTheSessionGone()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _faults.Next(_key, StorageOperation.Write, StorageFault.AnswerLost);

        Assert.True(await _frontend.DestroyAsync(_key, created.Incarnation));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Destroy_NotStored_ThrowsAndTheSessionIsStillThere()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.DestroyAsync(_key));
        _faults.Heal(_key);

        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.True(await _frontend.DestroyAsync(_key));
    }

    [Theory]
    [InlineData(nameof(StorageFault.Lost))]
    [InlineData(nameof(StorageFault.AnswerLost))]
    public async Task Sweep_NoAnswerWhenItRemoves_LeavesNothingInTheEnd(string fault)
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        _faults.Next(_key, StorageOperation.Clear, Enum.Parse<StorageFault>(fault));

        await _cluster.SweepAsync(_key);

        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.NotEqual(created.Incarnation, (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation);
    }

    [Fact]
    public async Task Commit_ETagConflict_ThrowsAndTheRepetitionSucceeds()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        _faults.Next(_key, StorageOperation.Write, StorageFault.Conflict);

        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => _frontend.CommitAsync(_key, commit));
        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal((CommitOutcome.Applied, 2L), (repeated.Outcome, repeated.Version));
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_AnotherWriterChangedRedis_IsNotOverwritten()
    {
        // Acts like a silo that was declared dead and still runs: it writes with an outdated ETag.
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.Store.Database.HashSetAsync(_cluster.Store.StateKey(_key), "etag", "another");
        SessionCommit commit = Commit.Of(Entries.Set("b", "1"));

        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => _frontend.CommitAsync(_key, commit));

        Assert.Equal("another", await _cluster.Store.Database.HashGetAsync(_cluster.Store.StateKey(_key), "etag"));
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);
        Assert.Equal(["a=1", "b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }
}
