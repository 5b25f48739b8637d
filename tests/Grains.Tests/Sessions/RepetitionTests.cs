using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class RepetitionTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Commit_Repeated_IsAnsweredAsBeforeAndAppliedOnce()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 10));
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1), SessionChange.Add("n", 1));
        CommitResult first = await _frontend.CommitAsync(_key, commit);
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 100));

        CommitResult repeated = await _cluster.Frontends[1].CommitAsync(_key, commit);

        Assert.Equal(CommitOutcome.Applied, repeated.Outcome);
        Assert.Equal([11, 12], first.Numbers);
        Assert.Equal(first.Numbers, repeated.Numbers);
        Assert.Equal(first.Version, repeated.Version);
        Assert.Equal(first.Incarnation, repeated.Incarnation);
        Assert.Equal("112", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedInParallel_IsAppliedOnce()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _cluster.Frontends[i % 3].CommitAsync(_key, commit)));

        Assert.All(results, result => Assert.Equal((CommitOutcome.Applied, 1L), (result.Outcome, result.Version)));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedAfterDeactivation_IsAppliedOnce()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        await _cluster.DeactivateAsync(_key);

        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal([1], repeated.Numbers);
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedAfterDestroy_IsAppliedAndRestoresNothing()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        await _frontend.DestroyAsync(_key);

        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal((CommitOutcome.Applied, 1L), (repeated.Outcome, repeated.Version));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Commit_RepeatedAfterDestroyAndCreation_DoesNotChangeTheNewSession()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        await _frontend.DestroyAsync(_key);
        await _frontend.ApplyAsync(_key, Entries.Set("new", "1"));

        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal(CommitOutcome.Gone, repeated.Outcome);
        Assert.Equal(["new=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_RepeatedAfterExpiryAndCreation_DoesNotChangeTheNewSession()
    {
        SessionCommit commit = Commit.Creating(new() { IdleTimeout = TimeSpan.FromSeconds(1) }, SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await _frontend.ApplyAsync(_key, Entries.Set("new", "1"));

        CommitResult repeated = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.NotEqual(CommitOutcome.Applied, repeated.Outcome);
        Assert.Equal(["new=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_RefusedOnce_MayBeAppliedWhenRepeated()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "text"));
        SessionCommit commit = Commit.Of(SessionChange.Add("a", 1));
        Assert.Equal(CommitOutcome.NotANumber, (await _frontend.CommitAsync(_key, commit)).Outcome);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal(CommitOutcome.Applied, repeated.Outcome);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Commit_RepeatedAfterMoreCommitsThanAreRemembered_IsAnsweredUnknownAndNotApplied()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        await AgeAsync(otherCommits: OperationLog.MaxOperations);

        CommitResult repeated = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal(CommitOutcome.Unknown, repeated.Outcome);
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedAfterFewerCommitsThanAreRemembered_IsAnsweredApplied()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, commit);
        await AgeAsync(otherCommits: OperationLog.MaxOperations - 1);

        CommitResult repeated = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal((CommitOutcome.Applied, 1L), (repeated.Outcome, repeated.Version));
    }

    [Fact]
    public async Task Commit_NamedAsSettled_IsNotStoredAnyLongerAndOthersAre()
    {
        SessionCommit settled = Commit.Of(SessionChange.Add("n", 1));
        SessionCommit open = Commit.Of(SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, settled);
        await _frontend.CommitAsync(_key, open);

        SessionCommit last = Commit.Of(SessionChange.Add("n", 1)) with { Settled = [settled.OperationId] };
        await _frontend.CommitAsync(_key, last);

        Assert.Equal([open.OperationId, last.OperationId], (await _cluster.StoredAsync(_key))!.Operations.Select(static operation => operation.Id));
        CommitResult repeated = await _frontend.CommitAsync(_key, open with { Age = TimeSpan.FromSeconds(1) });
        Assert.Equal((CommitOutcome.Applied, 2L), (repeated.Outcome, repeated.Version));
    }

    [Fact]
    public async Task Commit_NewOnBusySession_IsNeverUnknown()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        await AgeAsync(otherCommits: OperationLog.MaxOperations + 10);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));

        // Its first attempt was sent a second ago and lost: everything forgotten is older.
        CommitResult second = await _frontend.CommitAsync(_key, Commit.Of(SessionChange.Add("n", 1)) with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal(CommitOutcome.Applied, second.Outcome);
    }

    /// <summary>Rewrites the session in Redis as if it had received this many commits since.</summary>
    private async Task AgeAsync(int otherCommits)
    {
        await _cluster.DeactivateAsync(_key);
        SessionState stored = (await _cluster.StoredAsync(_key))!;
        long now = _cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        AppliedOperation[] others =
            [.. Enumerable.Range(0, otherCommits).Select(_ => new AppliedOperation { Id = Guid.NewGuid(), UntilMs = now + OperationLog.DefaultLifeMs, Version = 1 })];
        await _cluster.StoreAsync(_key, stored.Remember(others, [], now));
    }
}
