using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Secrets that are presented after their grace: a replay, or theft.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class TokenReuseTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly SecretHash _old = Secrets.New();
    private readonly SecretHash _new = Secrets.New();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reuse_AfterTheGrace_EndsTheSessionAndTellsHandlers(bool restarted)
    {
        Guid incarnation = await CreateRotatedAsync();
        _cluster.Clock.Advance(Secrets.Grace);
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        using var refused = new RefusedTokens(_cluster);
        LoadResult replayed = await _cluster.Frontends[1].LoadAsync(_key, _old);

        Assert.Equal(LoadResult.None, replayed);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _new)).Outcome);
        Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("a", "2")))).Outcome);
        Assert.Equal(["reused"], refused.Reasons);
        Assert.Equal(new SessionTokenReused(_key, incarnation, _cluster.Clock.GetUtcNow(), EndsSession: true), Assert.Single(_handler.Reused(incarnation)));
        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
        SessionEnded ended = Assert.Single(_handler.Ended(incarnation));
        Assert.Equal(EndReason.TokenReuse, ended.Reason);
        Assert.Equal(["a=1"], ended.Entries.Text());
    }

    [Fact]
    public async Task Reuse_WithoutAGrace_IsReuseAtOnce()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _old, _new).WithGrace(TimeSpan.Zero));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _old)).Outcome);

        Assert.Single(_handler.Reused(incarnation));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    /// <summary>For example in a network that was down when the request was sent, and is up again after the grace.</summary>
    [Fact]
    public async Task OldSecret_PresentedWithinTheGraceAndDelayedPastIt_OpensTheSession()
    {
        Guid incarnation = await CreateRotatedAsync();
        DateTimeOffset presentedAt = _cluster.Clock.GetUtcNow();
        _cluster.Clock.Advance(Secrets.Grace + TimeSpan.FromSeconds(5));

        LoadResult late = await _frontend.LoadAsync(_key, _old, presentedAt: presentedAt);

        Assert.Equal(LoadOutcome.Active, late.Outcome);
        Assert.True(late.IsSecretReplaced);
        Assert.Empty(_handler.Reused(incarnation));
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    [Fact]
    public async Task OldSecret_WhoseCallerHasGivenUpLongAgo_FindsNoSessionAndIsNoReuse()
    {
        Guid incarnation = await CreateRotatedAsync();
        DateTimeOffset presentedAt = _cluster.Clock.GetUtcNow();
        _cluster.Clock.Advance(TimeSpan.FromSeconds(61));
        using var refused = new RefusedTokens(_cluster);

        Assert.Equal(LoadResult.None, await _frontend.LoadAsync(_key, _old, presentedAt: presentedAt));

        Assert.Equal(["late"], refused.Reasons);
        Assert.Empty(_handler.Reused(incarnation));
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    /// <summary>A frontend's clock may be ahead.</summary>
    [Fact]
    public async Task OldSecret_PresentedWithinItsGraceByAClockThatIsAhead_OpensTheSession()
    {
        Guid incarnation = await CreateRotatedAsync();

        LoadResult loaded = await _frontend.LoadAsync(_key, _old, presentedAt: _cluster.Clock.GetUtcNow() + Secrets.Grace);

        Assert.Equal(LoadOutcome.Active, loaded.Outcome);
        Assert.Empty(_handler.Reused(incarnation));
    }

    [Fact]
    public async Task Reuse_ByARefresh_EndsTheSessionToo()
    {
        Guid incarnation = await CreateRotatedAsync();
        _cluster.Clock.Advance(Secrets.Grace);

        Assert.False(await _frontend.RefreshAsync(_key, _old));

        Assert.Single(_handler.Reused(incarnation));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    [Fact]
    public async Task Reuse_ThatMayLive_LeavesTheSessionAndTellsHandlersOnceAMinute()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _old, _new).LettingReuseLive());
        _cluster.Clock.Advance(Secrets.Grace);
        using var refused = new RefusedTokens(_cluster);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _old)).Outcome);
        }

        Assert.False(Assert.Single(_handler.Reused(incarnation)).EndsSession);
        Assert.Equal(["reused", "reused", "reused"], refused.Reasons);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await _frontend.LoadAsync(_key, _old);
        Assert.Equal(2, _handler.Reused(incarnation).Count);
        Assert.Equal(["a=1"], (await _frontend.LoadAsync(_key, _new)).Snapshot!.Entries.Text());
        Assert.Empty(_handler.Ended(incarnation));
    }

    [Fact]
    public async Task Reuse_WhoseHandlerFails_IsToldAgainWhenItIsPresentedAgain()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _old, _new).LettingReuseLive());
        await Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count == 1);
        _cluster.Clock.Advance(Secrets.Grace);
        _handler.FailNext(_key);

        await _frontend.LoadAsync(_key, _old);
        await _frontend.LoadAsync(_key, _old);
        await _frontend.LoadAsync(_key, _old);

        Assert.Equal(2, _handler.Reused(incarnation).Count);
    }

    [Fact]
    public async Task Reuse_WhileRedisIsAway_IsRefusedAndEndsTheSessionWhenPresentedAgain()
    {
        Guid incarnation = await CreateRotatedAsync();
        _cluster.Clock.Advance(Secrets.Grace);
        _cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.LoadAsync(_key, _old));
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key, _new)).Outcome);

        _cluster.Faults.Heal(_key);
        await _frontend.LoadAsync(_key, _old);

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _new)).Outcome);
        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
        Assert.Equal(EndReason.TokenReuse, _handler.Ended(incarnation)[0].Reason);
    }

    [Fact]
    public async Task Reuse_WhoseEndGotNoAnswer_IsTheEndAllTheSame()
    {
        Guid incarnation = await CreateRotatedAsync();
        _cluster.Clock.Advance(Secrets.Grace);
        _cluster.Faults.Next(_key, StorageOperation.Write, StorageFault.AnswerLost);

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _old)).Outcome);

        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
        Assert.Equal(EndReason.TokenReuse, _handler.Ended(incarnation)[0].Reason);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    [Fact]
    public async Task WrongSecret_ThatNeverWasOne_TellsNobodyAndEndsNothing()
    {
        Guid incarnation = await CreateRotatedAsync();
        _cluster.Clock.Advance(Secrets.Grace);

        await _frontend.LoadAsync(_key, Secrets.New());

        Assert.Empty(_handler.Reused(incarnation));
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key, _new)).Outcome);
    }

    /// <summary>A grace that seems longer than any can be was granted before the clock was set back.</summary>
    [Fact]
    public void Grace_GrantedBeforeTheClockWasSetBack_IsOver()
    {
        var secrets = RetiredSecrets.After(Secrets.Rotating(Guid.NewGuid(), _old, _new).Rotation!, before: null, nowMs: 10_000_000);

        Assert.True(secrets.IsInGrace(0, presentedMs: 10_000_000, nowMs: 10_000_000));
        Assert.False(secrets.IsInGrace(0, presentedMs: 10_010_000, nowMs: 10_010_000));
        Assert.False(secrets.IsInGrace(0, presentedMs: 9_900_000, nowMs: 9_900_000));
    }

    private async Task<Guid> CreateAsync() => (await _frontend.CommitAsync(_key, Secrets.Creating(_old, Entries.Set("a", "1")))).Incarnation;

    private async Task<Guid> CreateRotatedAsync()
    {
        Guid incarnation = await CreateAsync();
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _old, _new))).Outcome);
        await Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count == 1);
        return incarnation;
    }
}
