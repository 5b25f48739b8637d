using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class DeadlineTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_AtTheIdleDeadline_FindsNoneAndOneMillisecondBeforeTheSession(bool fromRedis)
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await DeactivateIfAsync(fromRedis);

        _cluster.Clock.Advance(Idle - Millisecond);
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key)).Outcome);
        await DeactivateIfAsync(fromRedis);

        _cluster.Clock.Advance(Millisecond);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, touch: true)).Outcome);
        Assert.False(await _frontend.RefreshAsync(_key));
        Assert.Null(await _frontend.DescribeAsync(_key));
        Assert.False(await _frontend.DestroyAsync(_key));
    }

    [Fact]
    public async Task Load_Touching_MovesTheIdleDeadline()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(Idle - Millisecond);

        SessionSnapshot touched = await _frontend.SnapshotAsync(_key, touch: true);

        Assert.Equal(_cluster.Clock.GetUtcNow() + Idle, touched.ExpiresAt);
        _cluster.Clock.Advance(Idle - Millisecond);
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Load_NotTouching_LeavesTheIdleDeadline()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(created.ExpiresAt, (await _frontend.SnapshotAsync(_key, touch: false)).ExpiresAt);
        Assert.Equal(created.ExpiresAt, (await _frontend.DescribeAsync(_key))!.ExpiresAt);
    }

    [Fact]
    public async Task CommitAndRefresh_Session_MoveTheIdleDeadline()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        Assert.Equal(_cluster.Clock.GetUtcNow() + Idle, second.ExpiresAt);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True(await _frontend.RefreshAsync(_key));
        Assert.Equal(_cluster.Clock.GetUtcNow() + Idle, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Load_AtTheAbsoluteDeadline_FindsNoneDespiteUse()
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(10), AbsoluteLifetime = TimeSpan.FromMinutes(25) };
        CommitResult created = await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1")));
        DateTimeOffset end = created.CreatedAt + TimeSpan.FromMinutes(25);

        for (int i = 0; i < 4; i++)
        {
            _cluster.Clock.Advance(TimeSpan.FromMinutes(6));
            await _frontend.ApplyAsync(_key, Entries.Set("a", $"{i}"));
        }

        Assert.Equal(end, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
        _cluster.Clock.SetUtcNow(end - Millisecond);
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key, touch: true)).Outcome);
        _cluster.Clock.SetUtcNow(end);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, touch: true)).Outcome);
    }

    [Fact]
    public async Task SetIdleTimeout_Longer_CountsFromNowOn()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        CommitResult changed = await _frontend.ApplyAsync(_key, SessionChange.SetIdleTimeout(TimeSpan.FromHours(8)));

        Assert.Equal(_cluster.Clock.GetUtcNow() + TimeSpan.FromHours(8), changed.ExpiresAt);
        Assert.Equal(TimeSpan.FromHours(8), (await _frontend.SnapshotAsync(_key)).IdleTimeout);
        _cluster.Clock.SetUtcNow(changed.ExpiresAt - Millisecond);
        await _cluster.SweepAsync(_key);
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key)).Outcome);
        _cluster.Clock.Advance(Millisecond);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task SetIdleTimeout_Shorter_EndsTheSessionEarlierAndTheSweepKnows()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        CommitResult changed = await _frontend.ApplyAsync(_key, SessionChange.SetIdleTimeout(TimeSpan.FromSeconds(30)));

        Assert.Equal(changed.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
        _cluster.Clock.SetUtcNow(changed.ExpiresAt);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        await _cluster.SweepAsync(_key);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task SetIdleTimeout_SurvivesDeactivation()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"), SessionChange.SetIdleTimeout(TimeSpan.FromDays(30)));

        await _cluster.DeactivateAsync(_key);

        Assert.Equal(TimeSpan.FromDays(30), (await _frontend.SnapshotAsync(_key)).IdleTimeout);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.999, false)]
    [InlineData(0, false)]
    [InlineData(-60, false)]
    [InlineData(400 * 86_400d, true)]
    [InlineData(400 * 86_400d + 1, false)]
    public async Task SetIdleTimeout_OutsideOfOneSecondTo400Days_IsRefused(double seconds, bool accepted)
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        CommitResult result = await _frontend.CommitAsync(_key, SessionChange.SetIdleTimeout(TimeSpan.FromSeconds(seconds)));

        Assert.Equal(accepted ? CommitOutcome.Applied : CommitOutcome.LimitExceeded, result.Outcome);
        Assert.Equal(accepted ? TimeSpan.FromSeconds(seconds) : Idle, (await _frontend.SnapshotAsync(_key)).IdleTimeout);
        if (!accepted)
        {
            Assert.Contains("idle timeout in seconds, which is at least 1,", result.Violation!.ToString(), StringComparison.Ordinal);
            Assert.Contains("34560000", result.Violation.ToString(), StringComparison.Ordinal);
        }
    }

    private Task DeactivateIfAsync(bool fromRedis) => fromRedis ? _cluster.DeactivateAsync(_key) : Task.CompletedTask;
}
