using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Events;

/// <summary>Failing handlers and crashing silos: an event is repeated with the same incarnation, and never lost.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class RepeatedEventTests(EventClusterFixture fixture)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Created_HandlerThrows_IsCalledAgainAndTheSessionContinues()
    {
        _handler.FailNext(_key);
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);

        _cluster.Clock.Advance(RetryAfter);
        await Eventually.TrueAsync("the creation is announced again", async () =>
        {
            await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
            return _handler.Created(created.Incarnation).Count == 2;
        });
    }

    [Fact]
    public async Task Ended_HandlerThatThrows_IsCalledAgainAndTheEntriesAreKeptForIt()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        _handler.FailNext(_key, times: 2);
        _cluster.Clock.SetUtcNow(created.ExpiresAt);

        await _cluster.SweepAsync(_key);
        Assert.Single(_handler.Ended(created.Incarnation));
        Assert.True(await _cluster.Store.HasStateAsync(_key));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);

        _cluster.Clock.Advance(RetryAfter);
        await _cluster.SweepAsync(_key);
        _cluster.Clock.Advance(RetryAfter);
        await _cluster.SweepAsync(_key);

        Assert.Equal(3, _handler.Ended(created.Incarnation).Count);
        Assert.All(_handler.Ended(created.Incarnation), ended => Assert.Equal(["a=1"], ended.Entries.Text()));
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Ended_HandlerThatThrowsAtLogout_IsCalledAgainAfterARestart()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        _handler.FailNext(_key);
        await _frontend.DestroyAsync(_key);
        await EndedAsync(created.Incarnation);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);

        await _cluster.DeactivateAsync(_key);
        await _cluster.SweepAsync(_key);

        await Eventually.TrueAsync("the end is announced again", () => _handler.Ended(created.Incarnation).Count == 2);
        Assert.All(_handler.Ended(created.Incarnation), ended => Assert.Equal(["a=1"], ended.Entries.Text()));
    }

    [Fact]
    public async Task Commit_WhileTheHandlerOfAnEarlierEndFails_IsUnavailableAndLosesNothing()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(first.Incarnation);
        _cluster.Clock.SetUtcNow(first.ExpiresAt);
        _handler.FailNext(_key);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("b", "1")));
        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        Assert.Equal(2, _handler.Ended(first.Incarnation).Count);
        Assert.NotEqual(first.Incarnation, second.Incarnation);
    }

    [Fact]
    public async Task Ended_CrashBetweenHandlerAndDelete_IsDeliveredAgainWithTheSameIncarnation()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        _cluster.Clock.SetUtcNow(created.ExpiresAt);

        // Deliveries before the last lost change: the silos' own sweep may add some.
        int delivered = 0;
        _cluster.Faults.Always(_key, operation =>
        {
            if (operation == StorageOperation.Read)
            {
                return StorageFault.None;
            }

            delivered = _handler.Ended(created.Incarnation).Count;
            return StorageFault.Lost;
        });
        await _cluster.SweepAsync(_key);
        await _cluster.DeactivateAsync(_key);
        _cluster.Faults.Heal(_key);

        await _cluster.SweepAsync(_key);

        Assert.InRange(delivered, 1, int.MaxValue);
        Assert.Equal(delivered + 1, _handler.Ended(created.Incarnation).Count);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Destroy_CrashBeforeTheHandler_IsStillAnnounced()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);

        // The end is stored; then every operation fails until another silo takes over.
        int writes = 0;
        _cluster.Faults.Always(
            _key,
            operation => operation == StorageOperation.Write && Interlocked.Increment(ref writes) > 1 ? StorageFault.Lost : StorageFault.None);
        Assert.True(await _frontend.DestroyAsync(_key));
        await EndedAsync(created.Incarnation);
        await _cluster.DeactivateAsync(_key);
        _cluster.Faults.Heal(_key);

        await _cluster.SweepAsync(_key);

        await Eventually.TrueAsync("the tombstone is there", async () => (await _cluster.StoredAsync(_key))!.Packed is []);
        Assert.All(_handler.Ended(created.Incarnation), ended => Assert.Equal((EndReason.Destroyed, "a=1"), (ended.Reason, ended.Entries.Text()[0])));
    }

    private Task AnnouncedAsync(Guid incarnation) =>
        Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count > 0);

    private Task EndedAsync(Guid incarnation) => Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
}
