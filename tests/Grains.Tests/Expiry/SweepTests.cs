using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Expiry;

[Collection(typeof(ClusterCollection))]
public sealed class SweepTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_ExpiredSessionThatNobodyTouchesAgain_LeavesNothingInRedis(bool inMemory)
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        if (!inMemory)
        {
            await _cluster.DeactivateAsync(_key);
        }

        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await _cluster.SweepAsync(_key);

        // Neither state, nor an empty hash, nor an index entry.
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Sweep_BeforeTheDeadline_LeavesTheSession()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt - TimeSpan.FromMilliseconds(1));

        await _cluster.SweepAsync(_key);

        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.Equal(created.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Fact]
    public async Task Sweep_SessionUsedSince_AsksAgainAtItsNewDeadline()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(Idle / 2);
        SessionSnapshot touched = await _frontend.SnapshotAsync(_key, touch: true);

        // Using the session does not write the index.
        Assert.Equal(created.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await _cluster.SweepAsync(_key);

        Assert.Equal(touched.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
        _cluster.Clock.SetUtcNow(touched.ExpiresAt);
        await _cluster.SweepAsync(_key);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Sweep_SessionInUse_IsNotAUseOfIt()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.Advance(Idle / 2);
        SessionSnapshot touched;
        using (_cluster.Faults.Outage())
        {
            touched = await _frontend.SnapshotAsync(_key, touch: true);
            await Eventually.TrueAsync("the touch was tried to be stored", () => _cluster.Faults.Count(_key, StorageOperation.Write) >= 2);
        }

        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await _cluster.SweepAsync(_key);

        Assert.Equal(touched.ExpiresAt, (await _frontend.SnapshotAsync(_key)).ExpiresAt);
    }

    [Fact]
    public async Task Sweep_AfterACrashThatLostATouch_RemovesTheSessionAtItsStoredDeadline()
    {
        var lifetime = new SessionLifetime { IdleTimeout = TimeSpan.FromDays(14) };
        CommitResult created = await _frontend.CommitAsync(_key, Commit.Creating(lifetime, Entries.Set("a", "1")));
        _cluster.Clock.Advance(TimeSpan.FromDays(13));
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        _cluster.Clock.Advance(TimeSpan.FromHours(12));
        await _frontend.SnapshotAsync(_key, touch: true);
        _cluster.Clock.SetUtcNow(created.ExpiresAt);
        await _cluster.SweepAsync(_key);

        _cluster.Faults.Next(_key, StorageOperation.Write, StorageFault.Lost);
        await _cluster.DeactivateAsync(_key);
        SessionSnapshot after = await _frontend.SnapshotAsync(_key);
        _cluster.Clock.SetUtcNow(after.ExpiresAt);
        await _cluster.SweepAsync(_key);

        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Sweep_IndexEntryWithoutSession_IsRemoved()
    {
        // The state after a silo has died between the two steps, with index and state on different servers.
        DateTimeOffset due = _cluster.Clock.GetUtcNow() + Idle;
        await _cluster.Store.Database.SortedSetAddAsync(_cluster.Store.IndexKey(_key), _key, due.ToUnixTimeMilliseconds());

        _cluster.Clock.Advance(Idle);
        await _cluster.SweepAsync(_key);

        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Commit_NewSession_IsInTheIndexAsSoonAsItIsStored()
    {
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> commit = _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await held.Arrived;

        Assert.False(await _cluster.Store.HasTraceAsync(_key));
        DateTimeOffset due = _cluster.Clock.GetUtcNow() + Idle;

        held.Release();
        await commit;
        Assert.True(await _cluster.Store.HasStateAsync(_key));
        Assert.Equal(due, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Fact]
    public async Task Sweep_SessionCreatedAgainUnderTheSameKey_IsKept()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(first.ExpiresAt);
        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "1"));

        await _cluster.SweepAsync(_key);

        Assert.Equal(["b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
        Assert.Equal(second.ExpiresAt, await _cluster.Store.IndexedDeadlineAsync(_key));
    }

    [Fact]
    public async Task Sweep_MoreSessionsThanOneBatch_RemovesAll()
    {
        // More than two batches: the silos' own sweep may run too.
        string[] keys = await KeysOfOneShardAsync(600);

        _cluster.Clock.Advance(Idle);
        await _cluster.SweepAsync(keys[0]);

        foreach (string key in keys)
        {
            Assert.False(await _cluster.Store.HasTraceAsync(key));
        }
    }

    [Fact]
    public async Task Sweep_SessionsThatCannotBeSettled_DoNotKeepOthersFromBeingRemoved()
    {
        string[] keys = await KeysOfOneShardAsync(600);
        string[] stuck = [.. keys.Where((_, i) => i % 2 == 0)];
        foreach (string key in stuck)
        {
            _cluster.Faults.Always(key, static operation => operation == StorageOperation.Clear ? StorageFault.Lost : StorageFault.None);
        }

        _cluster.Clock.Advance(Idle);
        int asked = await _cluster.SweepAsync(keys[0]);
        Assert.InRange(asked, stuck.Length, int.MaxValue);
        Assert.Equal(stuck.Length, await CountAsync(keys));

        foreach (string key in stuck)
        {
            _cluster.Faults.Heal(key);
        }

        await _cluster.SweepAsync(keys[0]);
        Assert.Equal(0, await CountAsync(keys));
    }

    [Fact]
    public async Task Sweep_SessionThatCannotBeActivated_DoesNotKeepOthersFromBeingRemoved()
    {
        string[] keys = await KeysOfOneShardAsync(300);

        // Stored by a newer silo during an upgrade of the cluster.
        string newer = keys[0];
        await _cluster.DeactivateAsync(newer);
        await _cluster.MakeNewerAsync(newer);

        _cluster.Clock.Advance(Idle);
        await _cluster.SweepAsync(newer);

        Assert.Equal(1, await CountAsync(keys));
        Assert.True(await _cluster.Store.HasStateAsync(newer));
        await _cluster.Store.RemoveAsync(newer);
    }

    /// <summary>Sessions of one shard, each with an entry.</summary>
    private async Task<string[]> KeysOfOneShardAsync(int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(_ => _key[..4] + SessionTestCluster.NewKey()[4..])];
        foreach (string[] batch in keys.Chunk(50))
        {
            await Task.WhenAll(batch.Select(key => _frontend.ApplyAsync(key, Entries.Set("a", "1"))));
        }

        return keys;
    }

    private async Task<int> CountAsync(string[] keys)
    {
        int count = 0;
        foreach (string key in keys)
        {
            count += await _cluster.Store.HasTraceAsync(key) ? 1 : 0;
        }

        return count;
    }
}
