using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Reads of a silo's own sessions without a message to the grain.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class PublishedSessionsTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Load_ActiveSession_IsAnsweredByItsSiloOnlyAsByTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        SessionSnapshot ofGrain = await _frontend.SnapshotAsync(_key);

        LoadResult[] found = [.. _cluster.Silos.Select(silo => Load(_cluster.ServicesOf(silo).GetRequiredService<IPublishedSessions>())).OfType<LoadResult>()];

        SessionSnapshot published = Assert.Single(found).Snapshot!;
        Assert.Equal(ofGrain.Entries.Text(), published.Entries.Text());
        Assert.Equal(
            (ofGrain.Incarnation, ofGrain.Version, ofGrain.CreatedAt, ofGrain.ExpiresAt, ofGrain.IdleTimeout, ofGrain.Silo, ofGrain.Shape),
            (published.Incarnation, published.Version, published.CreatedAt, published.ExpiresAt, published.IdleTimeout, published.Silo, published.Shape));
    }

    [Fact]
    public async Task Load_AfterAnAcknowledgedCommit_SeesIt()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        IPublishedSessions published = Owner();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (int commit = 0; commit < 50; commit++)
            {
                long acknowledged = (await _cluster.Frontends[i % 3].ApplyAsync(_key, SessionChange.Add("n", 1))).Version;
                Assert.True(Load(published)!.Snapshot!.Version >= acknowledged);
            }
        })));
    }

    [Fact]
    public async Task Load_WhileAWriteIsHeld_ShowsTheAcknowledgedState()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "old"));
        IPublishedSessions published = Owner();
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> commit = _frontend.ApplyAsync(_key, Entries.Set("a", "new"));
        await held.Arrived;

        string? before = Load(published)!.Snapshot!.Text("a");
        held.Release();
        await commit;

        Assert.Equal("old", before);
        Assert.Equal("new", Load(published)!.Snapshot!.Text("a"));
    }

    [Fact]
    public async Task Load_WriteWithoutAnAnswer_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();
        _cluster.Faults.Always(_key, _ => StorageFault.Lost);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));
        LoadResult? inDoubt = Load(published);
        _cluster.Faults.Heal(_key);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "3"));

        Assert.Null(inDoubt);
        Assert.Equal("3", Load(published)!.Snapshot!.Text("a"));
    }

    [Fact]
    public async Task Load_DestroyedSession_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();

        await _frontend.DestroyAsync(_key);

        Assert.Null(Load(published));
        Assert.False(published.Refresh(new SessionKey(_key)));
    }

    [Fact]
    public async Task Load_DeactivatedSession_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();

        await _cluster.DeactivateAsync(_key);

        Assert.Null(Load(published));
    }

    [Fact]
    public async Task Load_AfterTheDeadline_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();

        _cluster.Clock.Advance(Idle);

        Assert.Null(Load(published, touch: true));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Load_WithTouch_KeepsTheSessionAliveForTheGrainToo()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();
        _cluster.Clock.Advance(Idle / 25);

        DateTimeOffset expires = Load(published, touch: true)!.Snapshot!.ExpiresAt;
        _cluster.Clock.Advance(Idle - Millisecond);
        await _cluster.SweepAsync(_key);

        Assert.Equal(expires, _cluster.Clock.GetUtcNow() + Millisecond);
        Assert.Equal(expires, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Load_WithoutTouch_MovesNoDeadline()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        DateTimeOffset expires = (await _frontend.SnapshotAsync(_key)).ExpiresAt;
        _cluster.Clock.Advance(Idle / 25);

        Assert.Equal(expires, Load(Owner())!.Snapshot!.ExpiresAt);
        Assert.Equal(expires, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Load_TouchThatMustBeStored_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();

        _cluster.Clock.Advance((Idle / 20) + Millisecond);

        Assert.Null(Load(published, touch: true));
        Assert.False(published.Refresh(new SessionKey(_key)));
        Assert.NotNull(Load(published));
    }

    /// <summary>The use was recorded before the deadline, but the grain saw it only after it had found the session expired.</summary>
    [Fact]
    public async Task Load_AfterTheGrainFoundTheSessionExpired_DoesNotReviveIt()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IPublishedSessions published = Owner();
        StoredSession session = OwnersServices().GetRequiredService<ActiveSessions>().Find(_key)!;
        _cluster.Clock.Advance(Idle);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);

        session.Touch(session.NowMs - 1);

        Assert.Null(Load(published, touch: true));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, Entries.Set("a", "2"))).Outcome);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Load_LongAfterTheLastMessage_LeavesOneAnswerToTheGrain()
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromDays(14) };
        await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1")));
        IPublishedSessions published = Owner();

        _cluster.Clock.Advance(TimeSpan.FromMinutes(4));
        LoadResult? late = Load(published);
        await _frontend.SnapshotAsync(_key);

        Assert.Null(late);
        Assert.NotNull(Load(published));
    }

    [Fact]
    public async Task Load_ActivationThatBeginsToEnd_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "old"));
        IPublishedSessions published = Owner();
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> commit = _frontend.ApplyAsync(_key, Entries.Set("a", "new"));
        await held.Arrived;

        Task deactivation = _cluster.DeactivateAsync(_key);
        await Eventually.TrueAsync("the activation begins to end", () => Load(published) is null);
        held.Release();
        await Task.WhenAll(commit, deactivation);

        Assert.Equal("new", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Refresh_ActiveSession_MovesTheDeadline()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(Idle / 25);

        Assert.True(Owner().Refresh(new SessionKey(_key)));
        Assert.Equal(_cluster.Clock.GetUtcNow() + Idle, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Load_AnotherSecret_LeavesTheAnswerToTheGrain()
    {
        SecretHash secret = Secrets.New();
        await _frontend.CommitAsync(_key, Secrets.Creating(secret, Entries.Set("a", "1")));
        IPublishedSessions published = Owner(secret);
        Guid incarnation = Load(published, secret: secret)!.Snapshot!.Incarnation;

        Assert.Null(Load(published, secret: Secrets.New()));
        Assert.Null(Load(published));
        Assert.NotNull(published.Load(new SessionKey(_key), touch: false, incarnation: incarnation));
        Assert.False(published.Refresh(new SessionKey(_key)));
    }

    [Fact]
    public async Task Load_StateReadBeforeRedisLostData_LeavesTheAnswerToTheGrain()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        IServiceProvider silo = OwnersServices();
        var published = silo.GetRequiredService<IPublishedSessions>();

        silo.GetRequiredService<SiloLease>().BeginEpoch();

        Assert.Null(Load(published));
        await _frontend.SnapshotAsync(_key);
        Assert.NotNull(Load(published));
    }

    /// <summary>Loads while all silos hold their leases, which a busy machine may let lapse for a moment.</summary>
    private LoadResult? Load(IPublishedSessions published, bool touch = false, SecretHash secret = default)
    {
        Assert.True(SpinWait.SpinUntil(() => _cluster.Silos.All(silo => _cluster.ServicesOf(silo).GetRequiredService<SiloLease>().IsValid), Patience));
        return published.Load(new SessionKey(_key), touch, secret);
    }

    /// <summary>The published sessions of the silo with the session's activation.</summary>
    private IPublishedSessions Owner(SecretHash secret = default) => OwnersServices(secret).GetRequiredService<IPublishedSessions>();

    private IServiceProvider OwnersServices(SecretHash secret = default) =>
        _cluster.Silos.Select(_cluster.ServicesOf).Single(services => Load(services.GetRequiredService<IPublishedSessions>(), secret: secret) is not null);
}
