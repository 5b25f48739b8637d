using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>A session with a secret is there for those who show it, and for those who learned the incarnation by it.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class SecretTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly SecretHash _secret = Secrets.New();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_WithTheSecret_FindsTheSession(bool restarted)
    {
        await CreateAsync();
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        LoadResult loaded = await _frontend.LoadAsync(_key, _secret);

        Assert.Equal(LoadOutcome.Active, loaded.Outcome);
        Assert.False(loaded.IsSecretReplaced);
        Assert.Equal(["a=1"], loaded.Snapshot!.Entries.Text());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_WithAnotherSecretOrNone_IsAnsweredAsIfThereWereNoSessionAndCounted(bool restarted)
    {
        await CreateAsync();
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        LoadResult unknown = await _frontend.LoadAsync(SessionTestCluster.NewKey(), Secrets.New());
        using var refused = new RefusedTokens(_cluster);
        int reads = _cluster.Faults.Count(_key, StorageOperation.Read);
        LoadResult wrong = await _frontend.LoadAsync(_key, Secrets.New());
        LoadResult none = await _frontend.LoadAsync(_key);

        Assert.Equal((unknown, unknown), (wrong, none));
        Assert.Equal(["wrong", "missing"], refused.Reasons);
        Assert.Equal(reads + (restarted ? 1 : 0), _cluster.Faults.Count(_key, StorageOperation.Read));
    }

    [Fact]
    public async Task Load_WithAnotherSecret_DoesNotKeepTheSessionAlive()
    {
        await CreateAsync();
        _cluster.Clock.Advance(TimeSpan.FromMinutes(19));
        await _frontend.LoadAsync(_key, Secrets.New(), touch: true);

        _cluster.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _secret)).Outcome);
    }

    [Fact]
    public async Task Load_WithASecretOfASessionThatHasNone_FindsNothing()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _secret)).Outcome);
        Assert.Equal(LoadOutcome.Active, (await _frontend.LoadAsync(_key)).Outcome);
    }

    /// <summary>The way of a Redis client whose key is the id of a browser's token.</summary>
    [Fact]
    public async Task Session_ThroughADoorThatShowsNoSecret_CantBeReadChangedOrEnded()
    {
        Guid incarnation = await CreateAsync();
        using var refused = new RefusedTokens(_cluster);

        Assert.Equal(CommitOutcome.SecretRequired, (await _frontend.CommitAsync(_key, Entries.Set("a", "2"))).Outcome);
        Assert.Equal(CommitOutcome.SecretRequired, (await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "2")) with { BasedOnVersion = 0 })).Outcome);
        Assert.Equal(CommitOutcome.SecretRequired, (await _frontend.CommitAsync(_key, Secrets.Creating(Secrets.New(), Entries.Set("a", "2")))).Outcome);
        Assert.False(await _frontend.DestroyAsync(_key));
        Assert.False(await _frontend.RefreshAsync(_key));
        Assert.Equal(LoadOutcome.None, (await _frontend.HoldAsync(_key, Operation())).Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAgainAsync(_key, Guid.NewGuid())).Outcome);

        Assert.Equal(["missing", "missing", "wrong", "missing", "missing", "missing", "missing"], refused.Reasons);
        SessionSnapshot session = (await _frontend.LoadAsync(_key, _secret)).Snapshot!;
        Assert.Equal((incarnation, 1L), (session.Incarnation, session.Version));
        Assert.Equal(["a=1"], session.Entries.Text());
    }

    [Fact]
    public async Task Session_WhoseIncarnationWasLoaded_CanBeReadChangedAndEnded()
    {
        Guid incarnation = await CreateAsync();

        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("a", "2")))).Outcome);
        Assert.True(await _frontend.RefreshAsync(_key, _secret));
        SessionOperation held = Operation();
        Assert.Equal(LoadOutcome.Active, (await _frontend.HoldAsync(_key, held, incarnation)).Outcome);
        await _frontend.LetGoAsync(_key, held.Id);
        Assert.Equal(["a=2"], (await _frontend.LoadAgainAsync(_key, incarnation)).Snapshot!.Entries.Text());
        Assert.True(await _frontend.DestroyAsync(_key, incarnation));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _secret)).Outcome);
    }

    [Fact]
    public async Task Creation_Repeated_IsAppliedOnce()
    {
        SessionCommit commit = Secrets.Creating(_secret, SessionChange.Add("n", 1));

        CommitResult[] results = [await _frontend.CommitAsync(_key, commit), await _frontend.CommitAsync(_key, commit with { Age = TimeSpan.FromSeconds(1) })];

        Assert.All(results, static result => Assert.Equal((CommitOutcome.Applied, 1L), (result.Outcome, result.Version)));
    }

    [Fact]
    public async Task Session_Ended_LeavesNoHashOfItsSecret()
    {
        Guid incarnation = await CreateAsync();

        await _frontend.DestroyAsync(_key, incarnation);

        Assert.True((await _cluster.StoredAsync(_key))!.Secret.IsNone);
    }

    private SessionOperation Operation() => new(Guid.NewGuid(), _cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(10));

    private async Task<Guid> CreateAsync() => (await _frontend.CommitAsync(_key, Secrets.Creating(_secret, Entries.Set("a", "1")))).Incarnation;
}
