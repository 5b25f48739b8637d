using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Exclusive results that only one of many clients may get, and changes that none may lose.</summary>
public sealed class ManyClientsTests(RespCluster cluster) : IClassFixture<RespCluster>, IAsyncLifetime
{
    private const int Rounds = 60;

    private RedisClient[] _clients = [];

    public async ValueTask InitializeAsync() =>
        _clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RedisClient.ConnectAsync(cluster.Endpoints[i % 2])));

    [Fact]
    public async Task GetDel_OfMany_GivesTheValueToOne()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string key = NewKey();
            await _clients[0].RunAsync("SETEX", key, 100, "once");

            string?[] values = await Task.WhenAll(_clients.Select(client => client.TextAsync("GETDEL", key)));

            Assert.Single(values, "once");
        }
    }

    [Fact]
    public async Task RenameAndDel_OfOneSession_DoNotBothSucceed()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string key = NewKey();
            string newKey = NewKey();
            await _clients[0].RunAsync("SETEX", key, 100, "a|i:1;");

            Task<bool> rename = RenameAsync(_clients[0], key, newKey);
            Task<long> delete = _clients[1].NumberAsync("DEL", key);
            bool isRenamed = await rename;

            Assert.Equal(isRenamed ? 0 : 1, await delete);
            Assert.Equal(isRenamed ? 1 : 0, await _clients[2].NumberAsync("EXISTS", newKey));
        }
    }

    [Fact]
    public async Task MGet_OfManyKeys_RemembersEach()
    {
        string[] keys = [.. Enumerable.Range(0, 300).Select(_ => NewKey())];
        await Task.WhenAll(keys.Select((key, i) => _clients[i % 8].RunAsync("SETEX", key, 100, "a|i:1;")));
        for (int round = 0; round < 20; round++)
        {
            Assert.All((string?[])(await _clients[0].RunAsync("MGET", [.. keys]))!, value => Assert.Equal("a|i:1;", value));
        }

        await Task.WhenAll(keys.Select(key => _clients[1].RunAsync("DEL", key)));
        await Task.WhenAll(keys.Select(key => _clients[0].RunAsync("SETEX", key, 100, "a|i:2;")));

        Assert.Equal(0, await _clients[1].NumberAsync("EXISTS", [.. keys]));
    }

    [Fact]
    public async Task Fields_OfHundredsOfWriters_AllSurvive()
    {
        const int writers = 200;
        string key = NewKey();
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, writers).Select(i => RedisClient.ConnectAsync(cluster.Endpoints[i % 2])));

        long[] added = await Task.WhenAll(clients.Select((client, i) => client.NumberAsync("HSET", key, $"f{i}", i)));

        Assert.All(added, one => Assert.Equal(1, one));
        Assert.Equal(2 * writers, ((StackExchange.Redis.RedisResult[])(await clients[0].RunAsync("HGETALL", key))!).Length);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Lock_OfANewSession_IsHeldWhileOthersFindNothing()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string key = NewKey();
            Task[] others = [.. _clients[1..].Select(client => client.NumberAsync("EXISTS", key))];
            Assert.Equal("OK", await _clients[0].TextAsync("SET", key + "_LOCK", "me", "NX", "PX", 30_000));
            Assert.Equal("me", await _clients[0].TextAsync("GET", key + "_LOCK"));
            await Task.WhenAll(others);
            Assert.Equal("me", await _clients[0].TextAsync("GET", key + "_LOCK"));
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));

    private static async Task<bool> RenameAsync(RedisClient client, string key, string newKey)
    {
        try
        {
            await client.RunAsync("RENAME", key, newKey);
            return true;
        }
        catch (StackExchange.Redis.RedisServerException exception) when (exception.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static string NewKey() => "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value;
}
