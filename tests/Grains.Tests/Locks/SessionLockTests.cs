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
        SessionLockRequest[] requests = [.. Enumerable.Range(0, 30).Select(Request)];
        bool[] acquired = await Task.WhenAll(requests.Select((request, i) => At(i).AcquireLockAsync(_key, request)));

        int winner = Array.IndexOf(acquired, true);
        Assert.Single(acquired, true);
        for (int node = 0; node < _cluster.Frontends.Count; node++)
        {
            Assert.Equal([(byte)winner], (await At(node).GetLockAsync(_key))!.Owner);
        }

        Assert.True(await At(1).ReleaseLockAsync(_key, requests[winner]));
        Assert.Null(await At(2).GetLockAsync(_key));
    }

    [Fact]
    public async Task Lock_OfNoSession_OutlivesLoadsThatFindNothing()
    {
        await At(0).AcquireLockAsync(_key, Request(1));

        Assert.Equal(LoadOutcome.None, (await _cluster.Frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(LoadOutcome.None, (await _cluster.Frontend.LoadAsync(_key)).Outcome);

        Assert.Equal([1], (await At(0).GetLockAsync(_key))!.Owner);
    }

    [Fact]
    public async Task Lock_RequestedWhileLoadsFindNothing_IsHeld()
    {
        foreach (string key in Enumerable.Range(0, 50).Select(_ => SessionTestCluster.NewKey()))
        {
            Task<LoadResult>[] loads = [.. _cluster.Frontends.Select(frontend => frontend.LoadAsync(key))];
            Assert.True(await _cluster.Frontend.AcquireLockAsync(key, Request(1)));
            await Task.WhenAll(loads);

            Assert.Equal([1], (await _cluster.Frontend.GetLockAsync(key))?.Owner);
        }
    }

    [Fact]
    public async Task Lock_Held_HindersNoCommit()
    {
        await At(0).AcquireLockAsync(_key, Request(1));

        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.Frontend.DestroyAsync(_key);

        Assert.NotNull(await At(0).GetLockAsync(_key));
    }

    [Fact]
    public async Task Lock_OfASessionMovedToAnotherSilo_MovesWithIt()
    {
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        SessionLockRequest request = Request(7);
        await At(0).AcquireLockAsync(_key, request);
        DateTimeOffset expiresAt = (await At(0).GetLockAsync(_key))!.ExpiresAt;

        await _cluster.DeactivateAsync(_key);

        SessionLock? held = await At(0).GetLockAsync(_key);
        Assert.Equal([7], held!.Owner);
        Assert.Equal(expiresAt, held.ExpiresAt);
        Assert.True(await At(0).AcquireLockAsync(_key, request));
        await At(0).ReleaseLockAsync(_key, request);
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        Assert.Null((await _cluster.StoredAsync(_key))!.Lock);
    }

    [Fact]
    public async Task Lock_OfASessionThatExpires_OutlivesIt()
    {
        CommitResult created = await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await At(0).AcquireLockAsync(_key, Request(1));

        await _cluster.SweepAsync(_key);

        Assert.Equal([1], (await At(0).GetLockAsync(_key))!.Owner);
    }

    /// <summary>An earlier activation may have left the lock in the state.</summary>
    [Fact]
    public async Task Lock_StateCannotBeRead_IsNotGranted()
    {
        await _cluster.Frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await At(0).AcquireLockAsync(_key, Request(7));
        await _cluster.DeactivateAsync(_key);
        _cluster.Faults.Always(_key, static _ => StorageFault.Lost);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => At(0).AcquireLockAsync(_key, Request(8)));

        _cluster.Faults.Heal(_key);
        Assert.False(await At(0).AcquireLockAsync(_key, Request(8)));
        Assert.Equal([7], (await At(0).GetLockAsync(_key))!.Owner);
    }

    private Frontend At(int node) => _cluster.Frontends[node % _cluster.Frontends.Count];

    private static SessionLockRequest Request(int owner) => new() { OperationId = Guid.NewGuid(), Owner = [(byte)owner], Lease = Lease };
}
