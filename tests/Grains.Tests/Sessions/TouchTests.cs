using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Using a session changes its deadline in memory; the deadline is stored rarely.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class TouchTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan FivePercent = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    private int Writes => _cluster.Faults.Count(_key, StorageOperation.Write);

    private int Reads => _cluster.Faults.Count(_key, StorageOperation.Read);

    [Fact]
    public async Task Load_ActiveSession_SendsNoRedisCommand()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        int reads = Reads;

        for (int i = 0; i < 20; i++)
        {
            await _frontend.SnapshotAsync(_key, touch: true);
        }

        Assert.Equal(reads, Reads);
        Assert.Equal(1, Writes);
    }

    [Fact]
    public async Task Load_UnsavedExtensionOfFivePercent_WritesNothing()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        for (int i = 0; i < 6; i++)
        {
            _cluster.Clock.Advance(FivePercent / 6);
            await _frontend.SnapshotAsync(_key, touch: true);
        }

        await FinishWhatIsQueuedAsync();
        Assert.Equal(1, Writes);
    }

    [Fact]
    public async Task Load_UnsavedExtensionOverFivePercent_WritesOnce()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(FivePercent + Millisecond);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => _cluster.Frontends[i % 3].SnapshotAsync(_key, touch: true)));

        await Eventually.TrueAsync("the touch is stored", () => Writes == 2);
        await _frontend.SnapshotAsync(_key, touch: true);
        await FinishWhatIsQueuedAsync();
        Assert.Equal(2, Writes);
    }

    [Fact]
    public async Task Load_ShortIdleTimeout_WritesAtMostOncePerSecond()
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromSeconds(10) };
        await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1")));

        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await _frontend.SnapshotAsync(_key, touch: true);
        await FinishWhatIsQueuedAsync();
        Assert.Equal(1, Writes);

        _cluster.Clock.Advance(Millisecond);
        await _frontend.SnapshotAsync(_key, touch: true);
        await Eventually.TrueAsync("the touch is stored", () => Writes == 2);
    }

    [Fact]
    public async Task Load_NotTouching_WritesNothing()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(Idle / 2);

        await _frontend.SnapshotAsync(_key, touch: false);

        await FinishWhatIsQueuedAsync();
        Assert.Equal(1, Writes);
    }

    [Fact]
    public async Task Refresh_OverFivePercent_WritesOnceAndNoEarlier()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        _cluster.Clock.Advance(FivePercent);
        await _frontend.RefreshAsync(_key);
        Assert.Equal(1, Writes);

        _cluster.Clock.Advance(Millisecond);
        await _frontend.RefreshAsync(_key);
        Assert.Equal(2, Writes);

        await _frontend.RefreshAsync(_key);
        Assert.Equal(2, Writes);
    }

    [Fact]
    public async Task Commit_AfterTouches_StoresThemAlong()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(FivePercent);
        await _frontend.SnapshotAsync(_key, touch: true);

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));

        Assert.Equal(2, Writes);
        await _cluster.DeactivateAsync(_key);
        Assert.Equal(second.ExpiresAt, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
        Assert.Equal(2, Writes);
    }

    [Fact]
    public async Task Deactivation_UnsavedTouch_IsStored()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(FivePercent / 2);
        SessionSnapshot touched = await _frontend.SnapshotAsync(_key, touch: true);

        await _cluster.DeactivateAsync(_key);

        Assert.Equal(2, Writes);
        Assert.Equal(touched.ExpiresAt, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Deactivation_NothingUnsaved_WritesNothing()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await _cluster.DeactivateAsync(_key);

        Assert.Equal(1, Writes);
    }

    [Fact]
    public async Task Crash_UnsavedTouch_ShortensTheDeadlineByAtMostFivePercent()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(FivePercent);
        SessionSnapshot touched = await _frontend.SnapshotAsync(_key, touch: true);

        // The write on deactivation is lost, as in a crash.
        _cluster.Faults.Next(_key, StorageOperation.Write, StorageFault.Lost);
        await _cluster.DeactivateAsync(_key);

        SessionSnapshot after = await _frontend.SnapshotAsync(_key);
        Assert.Equal(touched.ExpiresAt - FivePercent, after.ExpiresAt);
    }

    [Fact]
    public async Task Touch_NotStoredBecauseRedisIsAway_IsStoredLater()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(FivePercent + Millisecond);
        using (_cluster.Faults.Outage())
        {
            await _frontend.SnapshotAsync(_key, touch: true);
            await Eventually.TrueAsync("the touch was tried to be stored", () => Writes >= 2);

            // Runs after that attempt's turn, so the attempt ends while Redis is still away.
            await Assert.ThrowsAsync<SessionUnavailableException>(async () => await _frontend.DescribeAsync(_key));
        }

        _cluster.Clock.Advance(TimeSpan.FromSeconds(11));
        SessionSnapshot touched = await _frontend.SnapshotAsync(_key, touch: true);
        await Eventually.TrueAsync("the touch is stored", async () => await StoredDeadlineAsync() == touched.ExpiresAt);
    }

    /// <summary>The deadline that would apply if the silos died now.</summary>
    private async Task<DateTimeOffset> StoredDeadlineAsync()
    {
        var stored = await _cluster.StoredAsync(_key);
        return DateTimeOffset.FromUnixTimeMilliseconds(stored!.DeadlineMs(stored.LastUsedAtMs));
    }

    /// <summary>Waits for the session's queued background work: a call runs after it.</summary>
    private async Task FinishWhatIsQueuedAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await _frontend.DescribeAsync(_key);
        }
    }
}
