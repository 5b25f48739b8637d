using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class CommitTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Load_UnusedKey_FindsNoneAndStoresNothing()
    {
        LoadResult result = await _frontend.LoadAsync(_key, touch: true);

        Assert.Equal(LoadOutcome.None, result.Outcome);
        Assert.Null(result.Snapshot);
        Assert.False(await _cluster.Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task Commit_UnusedKey_CreatesSession()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("cart", "3 apples"), Entries.Set("name", "Ada"));

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal(1, created.Version);
        Assert.Equal(1, session.Version);
        Assert.Equal(created.Incarnation, session.Incarnation);
        Assert.Equal(["cart=3 apples", "name=Ada"], session.Entries.Text());
        Assert.Equal(_cluster.Clock.GetUtcNow(), session.CreatedAt);
        Assert.Equal(created.CreatedAt, session.CreatedAt);
        Assert.Equal(_cluster.Clock.GetUtcNow() + TimeSpan.FromMinutes(20), session.ExpiresAt);
        Assert.Equal(created.ExpiresAt, session.ExpiresAt);
        Assert.Contains(session.Silo, _cluster.Silos.Select(silo => silo.Name));
    }

    [Fact]
    public async Task Commit_AcknowledgedToOneFrontend_IsSeenByAllOthers()
    {
        for (int round = 1; round <= 10; round++)
        {
            foreach (Frontend writer in _cluster.Frontends)
            {
                string value = Guid.NewGuid().ToString();
                await writer.ApplyAsync(_key, Entries.Set("last", value));

                foreach (Frontend reader in _cluster.Frontends)
                {
                    Assert.Equal(value, (await reader.SnapshotAsync(_key)).Text("last"));
                }
            }
        }
    }

    [Fact]
    public async Task Commit_Acknowledged_IsInRedis()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await _cluster.DeactivateAsync(_key);

        Assert.Equal(["a=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_DifferentEntriesFromTheSameBase_BothWin()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "0"), Entries.Set("b", "0"))).Incarnation;

        await _cluster.Frontends[1].CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("a", "1")));
        await _cluster.Frontends[2].CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("b", "1")));

        Assert.Equal(["a=1", "b=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_SameEntryTwice_LaterWins()
    {
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "0"))).Incarnation;

        await _cluster.Frontends[1].CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("a", "first")));
        await _cluster.Frontends[2].CommitAsync(_key, Commit.BasedOn(incarnation, Entries.Set("a", "second")));

        Assert.Equal("second", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Commit_RemoveAndClear_KeepLaterChanges()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"), Entries.Set("b", "1"), Entries.Set("c", "1"));

        await _frontend.ApplyAsync(_key, SessionChange.Remove("a"), SessionChange.Remove("never there"));
        Assert.Equal(["b=1", "c=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());

        await _frontend.ApplyAsync(_key, SessionChange.Clear(), Entries.Set("d", "1"));
        Assert.Equal(["d=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_EachOne_RaisesVersionByOneAndMarksItsEntries()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"), Entries.Set("b", "1"));

        CommitResult second = await _frontend.ApplyAsync(_key, Entries.Set("b", "2"));

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal(2, second.Version);
        Assert.Equal([("a", 1L), ("b", 2L)], session.Entries.Select(entry => (entry.Name, entry.Version)));
    }

    [Fact]
    public async Task Commit_Entry_KeepsBytesAndFormat()
    {
        byte[] everyByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await _frontend.ApplyAsync(
            _key,
            SessionChange.Set("bytes", everyByte),
            SessionChange.Set("php", "i:1;"u8.ToArray(), EntryFormat.Php),
            SessionChange.Set("json", "{}"u8.ToArray(), EntryFormat.Json),
            SessionChange.Set("empty", []));
        await _cluster.DeactivateAsync(_key);

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal(
            [EntryFormat.Bytes, EntryFormat.Php, EntryFormat.Json, EntryFormat.Bytes],
            session.Entries.Select(entry => entry.Format));
        Assert.Equal(everyByte, session.Entries[0].Value);
        Assert.Empty(session.Entries[3].Value);
    }

    [Fact]
    public async Task SetIfVersion_ExpectedVersion_IsApplied()
    {
        await _frontend.ApplyAsync(_key, SessionChange.SetIfVersion("a", "1"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 0));
        long version = (await _frontend.SnapshotAsync(_key)).Entries[0].Version;

        await _frontend.ApplyAsync(_key, SessionChange.SetIfVersion("a", "2"u8.ToArray(), EntryFormat.Bytes, version));

        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task SetIfVersion_OtherVersion_ConflictsAndLeavesEverythingUnchanged()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"), Entries.Set("b", "1"));
        SessionSnapshot before = await _frontend.SnapshotAsync(_key);

        CommitResult result = await _frontend.CommitAsync(
            _key,
            Entries.Set("b", "2"),
            SessionChange.Add("n", 1),
            SessionChange.SetIfVersion("a", "2"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 7));

        SessionSnapshot after = await _frontend.SnapshotAsync(_key);
        Assert.Equal(CommitOutcome.Conflict, result.Outcome);
        Assert.Equal("a", result.EntryName);
        Assert.Equal(0, result.Version);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(["a=1", "b=1"], after.Entries.Text());
    }

    [Fact]
    public async Task SetIfVersion_RaceOfMany_OneWins()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("seat", "free"));

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _cluster.Frontends[i % 3].CommitAsync(
            _key, SessionChange.SetIfVersion("seat", [(byte)i], EntryFormat.Bytes, expectedVersion: 1))));

        int winner = Assert.Single(Enumerable.Range(0, 30), i => results[i].Outcome == CommitOutcome.Applied);
        Assert.Equal(29, results.Count(result => result.Outcome == CommitOutcome.Conflict));
        Assert.Equal([(byte)winner], (await _frontend.SnapshotAsync(_key)).Entries[0].Value);
    }

    [Fact]
    public async Task Load_WhileCommitIsBeingStored_ShowsTheAcknowledgedState()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        var held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> commit = _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        await held.Arrived;

        SessionSnapshot meanwhile = await _cluster.Frontends[1].SnapshotAsync(_key);
        held.Release();
        await commit;

        Assert.Equal("1", meanwhile.Text("a"));
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Describe_Session_ShowsEverythingExceptContent()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("née", "12345"));

        SessionDescription? description = await _frontend.DescribeAsync(_key);

        Assert.NotNull(description);
        Assert.Equal(created.Incarnation, description.Incarnation);
        Assert.Equal(1, description.Version);
        Assert.Equal(1, description.EntryCount);
        Assert.Equal(4 + 5, description.Bytes);
        Assert.Equal(created.ExpiresAt, description.ExpiresAt);
        Assert.Null(await _frontend.DescribeAsync(SessionTestCluster.NewKey()));
    }
}
