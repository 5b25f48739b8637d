using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Events;

[Collection(typeof(EventClusterCollection))]
public sealed class SessionEventTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Created_NewSession_IsDeliveredOnce()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);

        await _frontend.SnapshotAsync(_key, touch: true);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        await _cluster.DeactivateAsync(_key);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "3"));

        Assert.Equal(new SessionCreated(_key, created.Incarnation, created.CreatedAt), Assert.Single(_handler.Created(created.Incarnation)));
    }

    /// <summary>The session's grain delivers the event.</summary>
    [Fact]
    public async Task Created_SessionThatWasToBeStoredWithoutItsGrain_IsLeftToTheGrain()
    {
        var creation = _cluster.GrainsOf(_cluster.Silos[0]).GetGrain<ISessionCreationGrain>("any");
        SessionCommit commit = Commit.Of(Entries.Set("a", "1"));

        CommitResult? created = await UnansweredCalls.RepeatAsync(() => creation.CreateAsync(_key, commit));

        Assert.Null(created);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Created_SessionThatLeftMemoryUnchanged_IsNotDeliveredAgain()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);

        // Like every session that is not used for a while.
        await _cluster.DeactivateAsync(_key);
        await _frontend.SnapshotAsync(_key);
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await _cluster.SweepAsync(_key);

        Assert.Single(_handler.Ended(created.Incarnation));
        Assert.Single(_handler.Created(created.Incarnation));
    }

    [Fact]
    public async Task Created_RefusedCommit_IsNotDelivered()
    {
        await _frontend.CommitAsync(_key, Entries.Set("", "bad name"));
        await _frontend.CommitAsync(_key, Commit.BasedOn(Guid.NewGuid(), Entries.Set("a", "1")));
        await _frontend.LoadAsync(_key);

        Assert.DoesNotContain(_handler.Order, entry => entry.SessionKey == _key);
    }

    [Fact]
    public async Task Ended_DestroyedSession_HasReasonAndFinalEntries()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("cart", "empty"));
        await _frontend.ApplyAsync(_key, Entries.Set("cart", "3 apples"));

        await _frontend.DestroyAsync(_key, created.Incarnation, EndReason.Revoked);

        SessionEnded ended = await EndedAsync(created.Incarnation);
        Assert.Equal((_key, EndReason.Revoked, created.CreatedAt), (ended.SessionKey, ended.Reason, ended.CreatedAt));
        Assert.Equal(["cart=3 apples"], ended.Entries.Text());
    }

    [Fact]
    public async Task Ended_AndCreated_ComeInThisOrder()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.DestroyAsync(_key);
        await EndedAsync(created.Incarnation);

        Assert.Equal(["created", "ended"], _handler.Order.Where(entry => entry.Incarnation == created.Incarnation).Select(entry => entry.Event));
    }

    [Fact]
    public async Task Ended_DestroyedSession_LeavesATombstoneWithoutEntries()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "castle"));
        await _frontend.DestroyAsync(_key);
        await EndedAsync(created.Incarnation);

        await Eventually.TrueAsync("the entries have left Redis", async () => (await _cluster.StoredAsync(_key))!.Packed is []);
        Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, Entries.Set("a", "1")))).Outcome);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(2));
        await _cluster.SweepAsync(_key);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.Single(_handler.Ended(created.Incarnation));
    }

    [Fact]
    public async Task Ended_IdleSession_IsDeliveredByTheSweepWithFinalEntries()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);
        _cluster.Clock.SetUtcNow(created.ExpiresAt);

        await _cluster.SweepAsync(_key);

        SessionEnded ended = Assert.Single(_handler.Ended(created.Incarnation));
        Assert.Equal(EndReason.IdleTimeout, ended.Reason);
        Assert.Equal(["a=1"], ended.Entries.Text());
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Theory]
    [InlineData(10, 25, 10, EndReason.IdleTimeout)]
    [InlineData(10, 5, 5, EndReason.AbsoluteLifetime)]
    [InlineData(10, 25, 60, EndReason.IdleTimeout)]
    [InlineData(10, 5, 60, EndReason.AbsoluteLifetime)]
    public async Task Ended_ByWhicheverDeadlineCameFirst_NamesIt(int idle, int absolute, int sweptAfter, EndReason reason)
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(idle), AbsoluteLifetime = TimeSpan.FromMinutes(absolute) };
        CommitResult created = await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1")));

        _cluster.Clock.Advance(TimeSpan.FromMinutes(sweptAfter));
        await _cluster.SweepAsync(_key);

        Assert.Equal(reason, Assert.Single(_handler.Ended(created.Incarnation)).Reason);
    }

    [Fact]
    public async Task Ended_ExpiredSessionWhoseTokenIsUsedAgain_IsDeliveredBeforeTheNewSessionIsCreated()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(first.Incarnation);
        _cluster.Clock.SetUtcNow(first.ExpiresAt);

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        Assert.Equal(["a=1"], Assert.Single(_handler.Ended(first.Incarnation)).Entries.Text());
        await AnnouncedAsync(second.Incarnation);
        Assert.Empty(_handler.Ended(second.Incarnation));
        await _cluster.SweepAsync(_key);
        Assert.Single(_handler.Ended(first.Incarnation));
    }

    private Task AnnouncedAsync(Guid incarnation) =>
        Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count > 0);

    private async Task<SessionEnded> EndedAsync(Guid incarnation)
    {
        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
        return _handler.Ended(incarnation)[0];
    }
}
