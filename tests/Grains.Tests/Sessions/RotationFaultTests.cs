using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Rotations that fail or crash midway: the session is under exactly one of the keys, and its end is announced once.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class RotationFaultTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly string _newKey = SessionTestCluster.NewKey();

    [Fact]
    public async Task Rotate_CopyNotStored_FailsAndLeavesTheSession()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        _cluster.Faults.Always(_newKey, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RotateAsync(_key, _newKey, incarnation));
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());

        _cluster.Faults.Heal(_newKey);
        Assert.True(await _frontend.RotateAsync(_key, _newKey, incarnation));
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_newKey)).Entries.Text());
    }

    [Fact]
    public async Task Rotate_TombstoneNotStored_FailsLeavesTheSessionAndMayBeRepeated()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await AnnouncedAsync(incarnation);
        _cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RotateAsync(_key, _newKey, incarnation));
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());

        // The session continues under the old key, and the retry moves its current state.
        _cluster.Faults.Heal(_key);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        Assert.True(await _frontend.RotateAsync(_key, _newKey, incarnation));
        Assert.Equal(["a=2"], (await _frontend.SnapshotAsync(_newKey)).Entries.Text());
        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_AnswersOfStorageLost_StillMoves(bool ofTheCopy)
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;
        await AnnouncedAsync(incarnation);
        _cluster.Faults.Next(ofTheCopy ? _newKey : _key, StorageOperation.Write, StorageFault.AnswerLost);

        Assert.True(await _frontend.RotateAsync(_key, _newKey, incarnation));

        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_newKey)).Entries.Text());
    }

    [Fact]
    public async Task Rotate_GivenUpBeforeTheTombstone_LeavesACopyWhoseEndRaisesNoEvent()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        _cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RotateAsync(_key, _newKey, created.Incarnation));
        _cluster.Faults.Heal(_key);

        // The browser keeps using the old token, past the copy's deadline.
        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await _cluster.SweepAsync(_newKey);

        Assert.False(await _cluster.Store.HasTraceAsync(_newKey));
        Assert.Empty(_handler.Ended(created.Incarnation));
        Assert.Equal(["a=2"], (await _frontend.SnapshotAsync(_key)).Entries.Text());

        _cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        await _cluster.SweepAsync(_key);
        Assert.Equal(_key, Assert.Single(_handler.Ended(created.Incarnation)).SessionKey);
    }

    [Fact]
    public async Task Rotate_CrashBeforeTheConfirmation_IsFinishedByTheSweep()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        using (RefuseConfirmation())
        {
            Assert.True(await _frontend.RotateAsync(_key, _newKey, created.Incarnation));
            await Eventually.TrueAsync("the confirmation was tried", () => _cluster.Faults.Count(_newKey, StorageOperation.Write) >= 2);
            await _cluster.DeactivateAsync(_key);
            await _cluster.DeactivateAsync(_newKey);
        }

        await _cluster.SweepAsync(_key);

        Assert.False((await _cluster.StoredAsync(_newKey))!.Provisional);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        await _cluster.SweepAsync(_newKey);
        Assert.Equal(_newKey, Assert.Single(_handler.Ended(created.Incarnation)).SessionKey);
    }

    [Fact]
    public async Task Rotate_CrashBeforeTheConfirmationAndNoUseUntilTheDeadline_StillFiresEnded()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        using (RefuseConfirmation())
        {
            Assert.True(await _frontend.RotateAsync(_key, _newKey, created.Incarnation));
            await Eventually.TrueAsync("the confirmation was tried", () => _cluster.Faults.Count(_newKey, StorageOperation.Write) >= 2);
            await _cluster.DeactivateAsync(_key);
            await _cluster.DeactivateAsync(_newKey);
        }

        // All silos are down overnight, and the new key's shard is swept first.
        _cluster.Clock.Advance(TimeSpan.FromHours(8));
        await _cluster.SweepAsync(_newKey);
        await _cluster.SweepAsync(_key);
        await _cluster.SweepAsync(_newKey);

        Assert.Equal(["a=1"], Assert.Single(_handler.Ended(created.Incarnation)).Entries.Text());
        Assert.False(await _cluster.Store.HasTraceAsync(_newKey));
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Rotate_UnconfirmedAndDestroyed_FiresEndedOnce()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await AnnouncedAsync(created.Incarnation);
        using (RefuseConfirmation())
        {
            await _frontend.RotateAsync(_key, _newKey, created.Incarnation);
            await Eventually.TrueAsync("the confirmation was tried", () => _cluster.Faults.Count(_newKey, StorageOperation.Write) >= 2);
        }

        Assert.True(await _frontend.DestroyAsync(_newKey, created.Incarnation));

        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(created.Incarnation).Count > 0);
        await _cluster.SweepAsync(_key);
        await _cluster.SweepAsync(_newKey);
        Assert.Equal(EndReason.Destroyed, Assert.Single(_handler.Ended(created.Incarnation)).Reason);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_newKey)).Outcome);
    }

    /// <summary>Stores the copy but refuses its confirmation, until the result is disposed.</summary>
    private Healing RefuseConfirmation()
    {
        int writes = 0;
        _cluster.Faults.Always(
            _newKey,
            operation => operation == StorageOperation.Write && Interlocked.Increment(ref writes) > 1 ? StorageFault.Lost : StorageFault.None);
        return new Healing(_cluster.Faults, _newKey);
    }

    private Task AnnouncedAsync(Guid incarnation) =>
        Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count == 1);
}
