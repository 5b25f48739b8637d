using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Sessions that are stored without their grains.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class CreationTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Create_NewToken_StoresTheSessionAndActivatesNothing()
    {
        SecretHash secret = Secrets.New();
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(5) };
        SessionCommit commit = Commit.Creating(lifetime, Entries.Set("a", "1"), SessionChange.Add("n", 7)) with { Secret = secret, Namespace = "shop" };

        CommitResult created = (await CreateAsync(commit))!;

        Assert.False(await IsActiveAsync());
        Assert.Equal((CommitOutcome.Applied, 1L), (created.Outcome, created.Version));
        Assert.Equal([7], created.Numbers);
        Assert.Equal(_cluster.Clock.GetUtcNow().AddMinutes(5), created.ExpiresAt);
        Assert.Equal(created.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
        SessionSnapshot session = (await _frontend.LoadAsync(_key, secret)).Snapshot!;
        Assert.Equal(["a=1", "n=7"], session.Entries.Text());
        Assert.Equal((created.Incarnation, created.CreatedAt, created.ExpiresAt), (session.Incarnation, session.CreatedAt, session.ExpiresAt));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal("shop", (await _frontend.DescribeAsync(_key))!.Namespace);
    }

    [Fact]
    public async Task Create_NewToken_StoresWhatTheSessionsGrainWouldStore()
    {
        SessionCommit commit = Commit.Of(Entries.Set("a", "1")) with { Secret = Secrets.New(), Namespace = "shop", Deadline = _cluster.Clock.GetUtcNow().AddSeconds(10) };
        string other = SessionTestCluster.NewKey();

        await CreateAsync(commit);
        await _frontend.CommitAsync(other, commit);

        SessionState byGrain = (await _cluster.StoredAsync(other))!;
        SessionState stored = (await _cluster.StoredAsync(_key))!;
        Assert.Equal(byGrain.Packed, stored.Packed);
        Assert.Equal(byGrain.Operations, stored.Operations);
        Assert.Equal(byGrain with { Incarnation = default, Packed = [], Operations = [] }, stored with { Incarnation = default, Packed = [], Operations = [] });
    }

    [Fact]
    public async Task Create_AnsweredTooLate_IsRecognizedByTheRetry()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        CommitResult created = (await CreateAsync(commit))!;

        CommitResult retried = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal((CommitOutcome.Applied, created.Version, created.Incarnation), (retried.Outcome, retried.Version, retried.Incarnation));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Create_ThatReachesRedisAfterItsRetry_IsRefused()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        CommitResult? retried = null;

        CommitResult? created = await CreateLateAsync(commit, async () => retried = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) }));

        Assert.Null(created);
        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal((retried!.Incarnation, retried.Version, "1"), (session.Incarnation, session.Version, session.Text("n")));
    }

    [Fact]
    public async Task Create_ThatReachesRedisAfterALogout_RestoresNothing()
    {
        SessionCommit commit = Commit.Of(Entries.Set("a", "1"));

        CommitResult? created = await CreateLateAsync(commit, async () =>
        {
            await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });
            await _frontend.DestroyAsync(_key);
            await _cluster.DeactivateAsync(_key);
        });

        Assert.Null(created);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Create_SessionExists_ChangesNothing()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        DateTimeOffset? indexed = await _cluster.Store.IndexedDeadlineAsync(_key);

        CommitResult? second = await RefusedAsync(Commit.Creating(new SessionLifetime { IdleTimeout = TimeSpan.FromHours(2) }, Entries.Set("a", "2")));

        Assert.Null(second);
        Assert.Equal((first.Version, "1"), ((await _frontend.SnapshotAsync(_key)).Version, (await _frontend.SnapshotAsync(_key)).Text("a")));
        Assert.Equal(indexed, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    /// <summary>An activation that knows of no session would not see one that is stored without it.</summary>
    [Fact]
    public async Task Create_AfterCallsForAnUnknownSession_IsSeenByAll()
    {
        CommitResult? created = await AnsweredAsync(async () =>
        {
            await _frontend.RefreshAsync(_key);
            await _frontend.DestroyAsync(_key);
            await _frontend.LoadAsync(_key);
            await Eventually.TrueAsync("nothing is active", async () => !await IsActiveAsync());
            return await SendAsync(Commit.Of(Entries.Set("a", "1")));
        });

        Assert.NotNull(created);
        Assert.All(await Task.WhenAll(_cluster.Frontends.Select(frontend => frontend.SnapshotAsync(_key))), session => Assert.Equal("1", session.Text("a")));
    }

    [Fact]
    public async Task Refresh_UnknownSession_LeavesNoActivation()
    {
        await _frontend.RefreshAsync(_key);

        await Eventually.TrueAsync("nothing is active", async () => !await IsActiveAsync());
    }

    [Fact]
    public async Task Destroy_UnknownSession_LeavesNoActivation()
    {
        await _frontend.DestroyAsync(_key);

        await Eventually.TrueAsync("nothing is active", async () => !await IsActiveAsync());
    }

    /// <summary>The first attempt may still delete what it stored, or have given it a deadline that the index does not know.</summary>
    [Fact]
    public async Task Create_RetriedByTheGrain_IsClaimed()
    {
        SessionCommit commit = Commit.Of(Entries.Set("a", "1"));
        await CreateAsync(commit);
        string? etag = await ETagAsync();
        await _cluster.Store.Database.SortedSetAddAsync(_cluster.Store.IndexKey(_key), _key, _cluster.Clock.GetUtcNow().AddDays(30).ToUnixTimeMilliseconds());

        CommitResult retried = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.NotEqual(etag, await ETagAsync());
        Assert.Equal(retried.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Fact]
    public async Task Create_ManyCommitsAtOnce_AppliesEachOnceOrNotAtAll()
    {
        SessionCommit[] commits = [.. Enumerable.Range(0, 24).Select(static _ => Commit.Of(SessionChange.Add("n", 1)))];

        CommitResult?[] created = await AnsweredAsync(async () => await Task.WhenAll(commits.Select(SendAsync)));
        CommitResult[] all = await Task.WhenAll(commits.Select(commit => _cluster.StubbornFrontend.CommitAsync(_key, commit)));

        Assert.Single(created, result => result is not null);
        Assert.All(all, result => Assert.Equal(CommitOutcome.Applied, result.Outcome));
        Assert.Equal("24", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Create_NotForANewSession_IsLeftToTheSessionsGrain()
    {
        SessionCommit commit = Commit.Of(Entries.Set("a", "1"));

        Assert.Null(await RefusedAsync(commit with { BasedOn = Guid.NewGuid() }));
        Assert.Null(await RefusedAsync(commit with { BasedOnVersion = 1 }));
        Assert.Null(await RefusedAsync(commit with { Age = TimeSpan.FromSeconds(1) }));
        Assert.Null(await RefusedAsync(commit with { Deadline = _cluster.Clock.GetUtcNow().AddSeconds(-1) }));
        Assert.Null(await RefusedAsync(commit with { Changes = [SessionChange.Set("a", new byte[2 * 1024 * 1024])] }));
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_RedisDoesNotAnswer_FailsAndTheRetryIsAppliedOnce(bool isStored)
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));

        await Assert.ThrowsAsync<SessionUnavailableException>(() => AnsweredAsync(async () =>
        {
            _cluster.Faults.Next(_key, StorageOperation.Write, isStored ? StorageFault.AnswerLost : StorageFault.Lost);
            return await SendAsync(commit);
        }).AsTask());
        CommitResult retried = await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal((CommitOutcome.Applied, 1L), (retried.Outcome, retried.Version));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    private ValueTask<CommitResult?> CreateAsync(SessionCommit commit) => AnsweredAsync(async () => await SendAsync(commit));

    /// <summary>Creates the session while its write reaches Redis late: after these calls.</summary>
    private ValueTask<CommitResult?> CreateLateAsync(SessionCommit commit, Func<Task> before) => AnsweredAsync(async () =>
    {
        HeldWrite late = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult?> creation = SendAsync(commit);
        await late.ArrivesFromAsync(creation);
        await before();
        late.Release();
        return await creation;
    });

    /// <summary>Creates under a new key, and again under another one if no answer comes: the first session may be stored or not.</summary>
    private ValueTask<T> AnsweredAsync<T>(Func<ValueTask<T>> creation) => UnansweredCalls.RepeatAsync(creation, () =>
    {
        _key = SessionTestCluster.NewKey();
        return creation();
    });

    /// <summary>Sends a creation that stores nothing, so it may be sent again.</summary>
    private ValueTask<CommitResult?> RefusedAsync(SessionCommit commit) => UnansweredCalls.RepeatAsync(async () => await SendAsync(commit));

    private Task<CommitResult?> SendAsync(SessionCommit commit) => Grains.GetGrain<ISessionCreationGrain>("any").CreateAsync(_key, commit).AsTask();

    private async Task<string?> ETagAsync() => await _cluster.Store.Database.HashGetAsync(_cluster.Store.StateKey(_key), "etag");

    /// <summary>Whether a silo has an activation of the session's grain.</summary>
    private async Task<bool> IsActiveAsync()
    {
        GrainId session = Grains.GetGrain<ISessionGrain>(_key).GetGrainId();
        return (await Grains.GetGrain<IManagementGrain>(0).GetActiveGrains(session.Type)).Contains(session);
    }

    private IGrainFactory Grains => _cluster.GrainsOf(_cluster.Silos[0]);
}
