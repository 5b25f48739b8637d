using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Rotations in place whose write or whose silo fails: the session has the one secret or the other, and the caller's repetition finds out which.</summary>
public sealed class SecretRotationFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly SecretHash _old = Secrets.New();
    private readonly SecretHash _new = Secrets.New();
    private GarnetStore? _store;
    private SessionTestCluster? _cluster;

    private SessionTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster is not started.");

    private Frontend Frontend => Cluster.StubbornFrontend;

    public async ValueTask InitializeAsync()
    {
        _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);
        _cluster = await SessionTestCluster.StartAsync(_store, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Rotation_NotStored_FailsAndLeavesTheOldSecret()
    {
        SessionCommit rotation = await CreateAsync();
        Cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => Frontend.CommitAsync(_key, rotation));

        LoadResult loaded = await Frontend.LoadAsync(_key, _old);
        Assert.Equal((LoadOutcome.Active, false), (loaded.Outcome, loaded.IsSecretReplaced));
        Assert.Equal(LoadOutcome.None, (await Frontend.LoadAsync(_key, _new)).Outcome);
        Cluster.Faults.Heal(_key);
        await AssertRotatesOnceAsync(rotation);
    }

    [Fact]
    public async Task Rotation_WhoseAnswerFromRedisIsLost_IsMadeOnce()
    {
        SessionCommit rotation = await CreateAsync();
        Cluster.Faults.Next(_key, StorageOperation.Write, StorageFault.AnswerLost);

        await AssertRotatesOnceAsync(rotation);
    }

    [Fact]
    public async Task Kill_SiloBeforeTheWriteLeaves_RotatesOnceElsewhereAndRefusesTheLateWrite()
    {
        SessionCommit rotation = await CreateAsync();
        HeldWrite held = Cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> rotating = Frontend.CommitAsync(_key, rotation);
        await held.Arrived;

        await Cluster.KillAsync(await OwnerAsync(rotation));
        Assert.Equal(CommitOutcome.Applied, (await rotating).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await Frontend.CommitAsync(_key, Commit.BasedOn(rotation.BasedOn!.Value, SessionChange.Add("n", 1)))).Outcome);
        held.Release();

        await AssertRotatesOnceAsync(rotation, adds: 1);
        Assert.Equal("2", (await Frontend.LoadAsync(_key, _new)).Snapshot!.Text("n"));
    }

    [Fact]
    public async Task Kill_SiloAfterTheWriteAndBeforeTheAnswerIsUsed_LeavesARotationThatTheRepetitionFinds()
    {
        SessionCommit rotation = await CreateAsync();
        await Frontend.CommitAsync(_key, rotation);

        await Cluster.KillAsync(await OwnerAsync(rotation));

        // The answer is lost for good: the browser goes on with the old cookie, as long as its grace lasts.
        Assert.True((await Frontend.LoadAsync(_key, _old)).IsSecretReplaced);
        await AssertRotatesOnceAsync(rotation with { Age = TimeSpan.FromSeconds(1) });
        _clock.Advance(Secrets.Grace);
        Assert.Equal(LoadOutcome.None, (await Frontend.LoadAsync(_key, _old)).Outcome);
        Assert.Equal(LoadOutcome.None, (await Frontend.LoadAsync(_key, _new)).Outcome);
    }

    [Fact]
    public async Task Kill_SiloBeforeTheEndOfAReusedSessionIsStored_EndsItElsewhere()
    {
        SessionCommit rotation = await CreateAsync();
        await Frontend.CommitAsync(_key, rotation);
        _clock.Advance(Secrets.Grace);
        HeldWrite held = Cluster.Faults.HoldNextWrite(_key);
        Task<LoadResult> replay = Frontend.LoadAsync(_key, _old);
        await held.Arrived;

        await Cluster.KillAsync(await OwnerAsync(rotation));

        Assert.Equal(LoadOutcome.None, (await replay).Outcome);
        held.Release();
        Assert.Equal(LoadOutcome.None, (await Frontend.LoadAsync(_key, _new)).Outcome);
    }

    /// <summary>Makes a session on one of the silos, and the commit that is to rotate it.</summary>
    private async Task<SessionCommit> CreateAsync()
    {
        CommitResult created = await Frontend.CommitAsync(_key, Secrets.Creating(_old, Entries.Set("a", "1")));
        return Secrets.Rotating(created.Incarnation, _old, _new, SessionChange.Add("n", 1));
    }

    private async Task AssertRotatesOnceAsync(SessionCommit rotation, int adds = 0)
    {
        CommitResult answer = await Frontend.CommitAsync(_key, rotation);
        Assert.Equal((CommitOutcome.Applied, 2L), (answer.Outcome, answer.Version));
        Assert.Equal([1], answer.Numbers);

        LoadResult loaded = await Frontend.LoadAsync(_key, _new);
        Assert.Equal((LoadOutcome.Active, false, 2L + adds), (loaded.Outcome, loaded.IsSecretReplaced, loaded.Snapshot!.Version));
        Assert.True((await Frontend.LoadAsync(_key, _old)).IsSecretReplaced);
    }

    private async Task<SiloHandle> OwnerAsync(SessionCommit rotation)
    {
        string name = (await Frontend.LoadAgainAsync(_key, rotation.BasedOn!.Value)).Snapshot!.Silo;
        return Cluster.Silos.Single(silo => silo.Name == name);
    }
}
