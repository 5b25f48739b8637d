using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class IncarnationTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Destroy_Session_IsGoneForEveryFrontendAtOnce()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        Assert.True(await _frontend.DestroyAsync(_key, created.Incarnation));

        foreach (Frontend frontend in _cluster.Frontends)
        {
            Assert.Equal(LoadOutcome.None, (await frontend.LoadAsync(_key)).Outcome);
            Assert.False(await frontend.RefreshAsync(_key));
            Assert.Null(await frontend.DescribeAsync(_key));
        }
    }

    [Fact]
    public async Task Destroy_Repeated_IsTrueForTheSameIncarnationOnly()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key, created.Incarnation);

        Assert.True(await _frontend.DestroyAsync(_key, created.Incarnation));
        Assert.False(await _frontend.DestroyAsync(_key, Guid.NewGuid()));
        Assert.False(await _frontend.DestroyAsync(SessionTestCluster.NewKey()));
    }

    [Fact]
    public async Task Destroy_OtherIncarnation_LeavesSessionAlone()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));

        Assert.False(await _frontend.DestroyAsync(_key, first.Incarnation));

        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_UnlessEnded_IsGoneWhereASessionHasEnded(bool restarted)
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key);
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        CommitResult result = await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "1")) with { UnlessEnded = true });

        Assert.Equal(CommitOutcome.Gone, result.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Commit_UnlessEnded_IsAppliedIfNoSessionHasEnded()
    {
        CommitResult created = await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "1")) with { UnlessEnded = true });
        CommitResult changed = await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "2")) with { UnlessEnded = true });

        Assert.Equal((CommitOutcome.Applied, CommitOutcome.Applied), (created.Outcome, changed.Outcome));
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_BasedOnDestroyedIncarnation_IsGoneAndRestoresNothing(bool restarted)
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key);
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        CommitResult late = await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("b", "1")));

        Assert.Equal(CommitOutcome.Gone, late.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Commit_BasedOnExpiredIncarnation_IsGoneAndRestoresNothing()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);

        CommitResult late = await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("b", "1")));

        Assert.Equal(CommitOutcome.Gone, late.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Commit_BasedOnRotatedIncarnation_IsGoneUnderTheOldKey()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        string newKey = SessionTestCluster.NewKey();
        await _frontend.RotateAsync(_key, newKey, created.Incarnation);

        CommitResult late = await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("b", "1")));

        Assert.Equal(CommitOutcome.Gone, late.Outcome);
        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(newKey)).Entries.Text());
    }

    [Fact]
    public async Task Commit_BasedOnUnknownIncarnation_IsGoneAndCreatesNothing()
    {
        CommitResult result = await _frontend.CommitAsync(_key, Commit.BasedOn(Guid.NewGuid(), Entries.Set("a", "1")));

        Assert.Equal(CommitOutcome.Gone, result.Outcome);
        Assert.False(await _cluster.Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Commit_WithoutBaseAfterDestroy_CreatesNewIncarnation()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.Equal(1, second.Version);
        Assert.Equal(_cluster.Clock.GetUtcNow(), session.CreatedAt);
        Assert.Equal(["b=1"], session.Entries.Text());
    }

    [Fact]
    public async Task Commit_WithoutBaseAfterExpiry_CreatesNewIncarnation()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(first.ExpiresAt);

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.Equal(["b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Tombstone_AfterGrace_LeavesRedisWithTheSweep()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("secret", "plans"));
        await _frontend.DestroyAsync(_key);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));
        await _cluster.SweepAsync(_key);
        Assert.True(await _cluster.Store.HasStateAsync(_key));
        Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("b", "1")))).Outcome);

        _cluster.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _cluster.SweepAsync(_key);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("b", "1")))).Outcome);
    }

    [Fact]
    public async Task Tombstone_InRedis_HoldsNoEntries()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("secret", "the plans of the castle"));

        await _frontend.DestroyAsync(_key);

        byte[] stored = (byte[])(await _cluster.Store.Database.HashGetAsync(_cluster.Store.StateKey(_key), "data"))!;
        Assert.True(stored.AsSpan().IndexOf("castle"u8) < 0, "The entries of a destroyed session are still stored.");
    }
}
