using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(EventClusterCollection))]
public sealed class RotationTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly string _newKey = SessionTestCluster.NewKey();

    [Fact]
    public async Task Rotate_Session_MovesEverythingToTheNewKey()
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(7), AbsoluteLifetime = TimeSpan.FromHours(1) };
        await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1"), SessionChange.Set("p", "i:1;"u8.ToArray(), EntryFormat.Php)));
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 5));
        SessionSnapshot before = await _frontend.SnapshotAsync(_key);

        Assert.True(await _frontend.RotateAsync(_key, _newKey, before.Incarnation));

        SessionSnapshot after = await _frontend.SnapshotAsync(_newKey);
        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(before.Incarnation, after.Incarnation);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.CreatedAt, after.CreatedAt);
        Assert.Equal(before.ExpiresAt, after.ExpiresAt);
        Assert.Equal(before.IdleTimeout, after.IdleTimeout);
        Assert.Equal(before.Entries.Select(entry => (entry.Name, entry.Format, entry.Version)), after.Entries.Select(entry => (entry.Name, entry.Format, entry.Version)));
        Assert.Equal(before.Entries.Text(), after.Entries.Text());
    }

    [Fact]
    public async Task Rotate_Session_ContinuesUnderTheNewKey()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await _frontend.RotateAsync(_key, _newKey, incarnation);

        CommitResult next = await _frontend.CommitAsync(_newKey, Commit.BasedOn(incarnation, Entries.Set("a", "2")));

        Assert.Equal((CommitOutcome.Applied, 2L), (next.Outcome, next.Version));
        await _cluster.DeactivateAsync(_newKey);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_newKey)).Text("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_Repeated_IsTrueAndChangesNothingMore(bool restarted)
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await _frontend.RotateAsync(_key, _newKey, incarnation);
        await _frontend.ApplyAsync(_newKey, Entries.Set("a", "2"));
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        Assert.True(await _frontend.RotateAsync(_key, _newKey, incarnation));

        Assert.Equal("2", (await _frontend.SnapshotAsync(_newKey)).Text("a"));
        Assert.Equal(2, (await _frontend.SnapshotAsync(_newKey)).Version);
    }

    [Fact]
    public async Task Rotate_RepeatedInParallel_MovesOnce()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;

        bool[] moved = await Task.WhenAll(_cluster.Frontends.Select(frontend => frontend.RotateAsync(_key, _newKey, incarnation)));

        Assert.All(moved, Assert.True);
        Assert.Equal(1, (await _frontend.SnapshotAsync(_newKey)).Version);
    }

    [Fact]
    public async Task Rotate_TwoRequestsToDifferentKeys_OneWins()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        string otherKey = SessionTestCluster.NewKey();

        bool[] moved = await Task.WhenAll(
            _cluster.Frontends[1].RotateAsync(_key, _newKey, incarnation),
            _cluster.Frontends[2].RotateAsync(_key, otherKey, incarnation));

        Assert.Single(moved, true);
        LoadOutcome[] found = [(await _frontend.LoadAsync(_newKey)).Outcome, (await _frontend.LoadAsync(otherKey)).Outcome];
        Assert.Equal(moved.Select(won => won ? LoadOutcome.Active : LoadOutcome.None), found);
    }

    [Fact]
    public async Task Rotate_OtherIncarnationOrEndedSession_IsFalseAndMovesNothing()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        Assert.False(await _frontend.RotateAsync(_key, _newKey, Guid.NewGuid()));
        await _frontend.DestroyAsync(_key);
        Assert.False(await _frontend.RotateAsync(_key, _newKey, created.Incarnation));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_newKey)).Outcome);
    }

    [Fact]
    public async Task Rotate_ToItsOwnKeyOrAUsedOne_ThrowsAndLeavesBoth()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await _frontend.ApplyAsync(_newKey, Entries.Set("other's", "data"));

        await Assert.ThrowsAsync<ArgumentException>(() => _frontend.RotateAsync(_key, _key, incarnation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _frontend.RotateAsync(_key, _newKey, incarnation));

        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.Equal(["other's=data"], (await _frontend.SnapshotAsync(_newKey)).Entries.Text());
    }

    [Fact]
    public async Task Commit_RepeatedAcrossRotation_IsAppliedOnceUnderEitherKey()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        CommitResult first = await _frontend.CommitAsync(_key, commit);
        await _frontend.RotateAsync(_key, _newKey, first.Incarnation);

        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_newKey, commit)).Outcome);

        Assert.Equal("1", (await _frontend.SnapshotAsync(_newKey)).Text("n"));
        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Tombstone_OfOldKey_LeavesRedisAfterItsGrace()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await _frontend.RotateAsync(_key, _newKey, incarnation);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(2));
        await _cluster.SweepAsync(_key);

        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_newKey)).Entries.Text());
        Assert.Empty(_handler.Ended(incarnation));
    }

    [Fact]
    public async Task Rotate_Session_FiresNoEventAndItsEndFiresOne()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await Eventually.TrueAsync("the creation is announced", () => _handler.Created(created.Incarnation).Count == 1);

        await _frontend.RotateAsync(_key, _newKey, created.Incarnation);
        await ConfirmedAsync();
        await _cluster.SweepAsync(_key);
        Assert.Empty(_handler.Ended(created.Incarnation));

        _cluster.Clock.SetUtcNow((await _frontend.SnapshotAsync(_newKey)).ExpiresAt);
        await _cluster.SweepAsync(_key);
        await _cluster.SweepAsync(_newKey);

        Assert.Equal(_newKey, Assert.Single(_handler.Ended(created.Incarnation)).SessionKey);
        Assert.Single(_handler.Created(created.Incarnation));
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.False(await _cluster.Store.HasTraceAsync(_newKey));
    }

    private Task ConfirmedAsync() =>
        Eventually.TrueAsync("the copy is confirmed", async () => await _cluster.StoredAsync(_newKey) is SessionState { Provisional: false });
}
