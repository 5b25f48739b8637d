using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Locks;

/// <summary>The lock of a session in a cluster.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class SessionLockTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Lock_OfASession_IsOneForAllNodes()
    {
        bool[] acquired = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => LockOf(i).AcquireAsync(Request(i)).AsTask()));

        int winner = Array.IndexOf(acquired, true);
        Assert.Single(acquired, true);
        for (int node = 0; node < _cluster.Frontends.Count; node++)
        {
            Assert.Equal([(byte)winner], (await LockOf(node).GetLockAsync())!.Owner);
        }

        Assert.True(await LockOf(1).ReleaseAsync([(byte)winner]));
        Assert.Null(await LockOf(2).GetLockAsync());
    }

    [Fact]
    public async Task Lock_OfNoSession_OutlivesLoadsThatFindNothing()
    {
        await LockOf(0).AcquireAsync(Request(1));

        Assert.Equal(LoadOutcome.None, (await _cluster.Frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(LoadOutcome.None, (await _cluster.Frontend.LoadAsync(_key)).Outcome);

        Assert.Equal([1], (await LockOf(0).GetLockAsync())!.Owner);
    }

    [Fact]
    public async Task Lock_RequestedWhileLoadsFindNothing_IsHeld()
    {
        foreach (string key in Enumerable.Range(0, 50).Select(_ => SessionTestCluster.NewKey()))
        {
            ISessionLockGrain asked = _cluster.Frontend.LockOf(key);
            Task<LoadResult>[] loads = [.. _cluster.Frontends.Select(frontend => frontend.LoadAsync(key))];
            Assert.True(await asked.AcquireAsync(Request(1)));
            await Task.WhenAll(loads);

            Assert.Equal([1], (await asked.GetLockAsync())?.Owner);
        }
    }

    [Fact]
    public async Task Lock_Held_HindersNoCommit()
    {
        await LockOf(0).AcquireAsync(Request(1));

        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.Frontend.DestroyAsync(_key);

        Assert.NotNull(await LockOf(0).GetLockAsync());
    }

    [Fact]
    public async Task Lock_OfASessionMovedToAnotherSilo_MovesWithIt()
    {
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        SessionLockRequest request = Request(7);
        await LockOf(0).AcquireAsync(request);
        DateTimeOffset expiresAt = (await LockOf(0).GetLockAsync())!.ExpiresAt;

        await _cluster.DeactivateAsync(_key);

        SessionLock? held = await LockOf(0).GetLockAsync();
        Assert.Equal([7], held!.Owner);
        Assert.Equal(expiresAt, held.ExpiresAt);
        Assert.True(await LockOf(0).AcquireAsync(request));
        await LockOf(0).ReleaseAsync([7]);
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        Assert.Null((await _cluster.StoredAsync(_key))!.Lock);
    }

    [Fact]
    public async Task Lock_OfASessionThatExpires_OutlivesIt()
    {
        CommitResult created = await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await LockOf(0).AcquireAsync(Request(1));

        await _cluster.SweepAsync(_key);

        Assert.Equal([1], (await LockOf(0).GetLockAsync())!.Owner);
    }

    /// <summary>An earlier activation may have left the lock in the state.</summary>
    [Fact]
    public async Task Lock_StateCannotBeRead_IsNotGranted()
    {
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await LockOf(0).AcquireAsync(Request(7));
        await _cluster.DeactivateAsync(_key);
        _cluster.Faults.Always(_key, static _ => StorageFault.Lost);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => LockOf(0).AcquireAsync(Request(8)).AsTask());

        _cluster.Faults.Heal(_key);
        Assert.False(await LockOf(0).AcquireAsync(Request(8)));
        Assert.Equal([7], (await LockOf(0).GetLockAsync())!.Owner);
    }

    private ISessionLockGrain LockOf(int node) => _cluster.Frontends[node % _cluster.Frontends.Count].LockOf(_key);

    private static SessionLockRequest Request(int owner) => new() { OperationId = Guid.NewGuid(), Owner = [(byte)owner], Lease = Lease };
}
