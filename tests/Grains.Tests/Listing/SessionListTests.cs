using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Listing;

/// <summary>The list of a namespace's sessions.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class SessionListTests(ClusterFixture fixture)
{
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _namespace = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(5_000)]
    public async Task List_PageByPage_FindsTheNamespacesSessionsOnly(int count)
    {
        string[] keys = [.. Enumerable.Range(0, 40).Select(_ => SessionTestCluster.NewKey())];
        await Task.WhenAll(keys.Select(key => CreateAsync(key, _namespace)));
        await CreateAsync(SessionTestCluster.NewKey(), _namespace + "-other");
        await CreateAsync(SessionTestCluster.NewKey(), null);

        Assert.Equal(keys.Order(), (await ListAsync(count)).Distinct().Order());
    }

    [Fact]
    public async Task List_AfterTheEndOfASession_DoesNotShowIt()
    {
        string key = SessionTestCluster.NewKey();
        await CreateAsync(key, _namespace);
        Assert.Equal([key], await ListAsync(100));

        await _frontend.DestroyAsync(key);

        Assert.Empty(await ListAsync(100));
    }

    [Fact]
    public async Task List_WithADamagedAndANewerSession_ShowsTheOthers()
    {
        string[] keys = [.. Enumerable.Range(0, 3).Select(_ => SessionTestCluster.NewKey())];
        await Task.WhenAll(keys.Select(key => CreateAsync(key, _namespace)));
        await Task.WhenAll(keys[1..].Select(key => fixture.Cluster.DeactivateAsync(key)));
        await fixture.Cluster.MakeNewerAsync(keys[1]);
        await fixture.Cluster.Store.Database.HashSetAsync(fixture.Cluster.Store.StateKey(keys[2]), "data", "not a session");

        Assert.Equal([keys[0]], await ListAsync(100));

        await fixture.Cluster.Store.RemoveAsync(keys[1]);
        await fixture.Cluster.Store.RemoveAsync(keys[2]);
    }

    private Task CreateAsync(string key, string? sessionNamespace) =>
        _frontend.CommitAsync(key, Commit.Of(Entries.Set("a", "1")) with { Namespace = sessionNamespace });

    private async Task<List<string>> ListAsync(int count)
    {
        List<string> keys = [];
        long cursor = 0;
        do
        {
            SessionListPage page = await _frontend.ListAsync(_namespace, cursor, count);
            keys.AddRange(page.Keys);
            cursor = page.Cursor;
        }
        while (cursor != 0);
        return keys;
    }
}
