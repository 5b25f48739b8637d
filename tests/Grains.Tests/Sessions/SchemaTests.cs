using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class SchemaTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Session_StoredByANewerSilo_IsRefusedAndKept()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);
        byte[] newer = await _cluster.MakeNewerAsync(_key);

        Exception load = await Assert.ThrowsAnyAsync<Exception>(() => _frontend.LoadAsync(_key));
        Exception commit = await Assert.ThrowsAnyAsync<Exception>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));

        string reason = $"stored by a newer version (schema {SessionStateFormat.Schema + 1}; this silo knows {SessionStateFormat.Schema})";
        Assert.Contains(reason, load.Message, StringComparison.Ordinal);
        Assert.Contains(reason, commit.Message, StringComparison.Ordinal);
        Assert.Equal(newer, (byte[]?)await _cluster.Store.Database.HashGetAsync(_cluster.Store.StateKey(_key), "data"));
        await _cluster.Store.RemoveAsync(_key);
    }

    [Fact]
    public async Task Session_BytesThatAreNone_AreRefusedAndKept()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _cluster.DeactivateAsync(_key);
        await _cluster.Store.Database.HashSetAsync(_cluster.Store.StateKey(_key), "data", "not a session");

        await Assert.ThrowsAnyAsync<Exception>(() => _frontend.LoadAsync(_key));
        await Assert.ThrowsAnyAsync<Exception>(() => _frontend.CommitAsync(_key, Entries.Set("a", "2")));

        Assert.Equal("not a session", await _cluster.Store.Database.HashGetAsync(_cluster.Store.StateKey(_key), "data"));
        await _cluster.Store.RemoveAsync(_key);
    }
}
