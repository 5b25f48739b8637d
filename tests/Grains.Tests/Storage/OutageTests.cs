using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Outages of Redis, and recovery.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class OutageTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Load_ActiveSession_IsServedFromMemory()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        using (_cluster.Faults.Outage())
        {
            foreach (Frontend frontend in _cluster.Frontends)
            {
                Assert.Equal("1", (await frontend.SnapshotAsync(_key, touch: true)).Text("a"));
            }
        }
    }

    [Fact]
    public async Task Load_AfterAFailedCommit_ShowsTheAcknowledgedState()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        using (_cluster.Faults.Outage())
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "3")));
            Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("a"));
        }
    }

    [Fact]
    public async Task EveryCall_ColdSession_ThrowsTyped()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);

        using (_cluster.Faults.Outage())
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.LoadAsync(_key));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RefreshAsync(_key));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.DestroyAsync(_key));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.DescribeAsync(_key));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RotateAsync(_key, SessionTestCluster.NewKey(), Guid.NewGuid()));
        }

        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Load_ColdSessionManyAtOnce_ThrowToEachAndRecover()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);

        using (_cluster.Faults.Outage())
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
                Assert.ThrowsAsync<SessionUnavailableException>(() => _cluster.Frontends[i % 3].LoadAsync(_key))));
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => Assert.Equal("1", (await _cluster.Frontends[i % 3].SnapshotAsync(_key)).Text("a"))));
    }

    [Fact]
    public async Task Commit_StorageAway_FailsFast()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        using IDisposable outage = _cluster.Faults.Outage();

        // A response timeout, after which a frontend would retry, is another exception.
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));
    }

    [Fact]
    public async Task EveryCall_StorageBack_SucceedsWithoutRestart()
    {
        string cold = SessionTestCluster.NewKey();
        await _frontend.ApplyAsync(cold, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(cold);
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        using (_cluster.Faults.Outage())
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(cold, Entries.Set("a", "2")));
        }

        Assert.Equal(2, (await _frontend.ApplyAsync(_key, Entries.Set("a", "3"))).Version);
        Assert.Equal(2, (await _frontend.ApplyAsync(cold, Entries.Set("a", "3"))).Version);
    }

    [Fact]
    public async Task Commit_IndexAway_ThrowsTypedAndStoresNothing()
    {
        using (await BreakIndexAsync())
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, Entries.Set("a", "1")));
            Assert.False(await _cluster.Store.HasStateAsync(_key));
        }

        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        Assert.NotNull(await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Fact]
    public async Task Sweep_IndexAway_ComesBackByItself()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        using (await BreakIndexAsync())
        {
            Assert.Equal(0, await _cluster.SweepAsync(_key));
        }

        await _cluster.SweepAsync(_key);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    /// <summary>Replaces the index by a key of another type, so that every command on it fails.</summary>
    private async Task<IDisposable> BreakIndexAsync()
    {
        IDatabase database = _cluster.Store.Database;
        RedisKey index = _cluster.Store.IndexKey(_key);
        RedisKey aside = index.Append("/aside");
        bool existed = await database.KeyExistsAsync(index) && await database.KeyRenameAsync(index, aside);
        await database.StringSetAsync(index, "no sorted set");
        return new Repair(database, index, existed ? aside : default);
    }

    private sealed class Repair(IDatabase database, RedisKey index, RedisKey aside) : IDisposable
    {
        public void Dispose()
        {
            database.KeyDelete(index);
            if (aside != default(RedisKey))
            {
                database.KeyRename(aside, index);
            }
        }
    }
}
