using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>A single client's commands get the replies of a Redis without other clients.</summary>
public sealed class OneConnectionTests(RespCluster cluster) : IClassFixture<RespCluster>, IAsyncLifetime
{
    private readonly string _key = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value;
    private RedisClient? _client;

    private RedisClient Client => _client!;

    public async ValueTask InitializeAsync() => _client = await RedisClient.ConnectAsync(cluster.Endpoints[0]);

    [Fact]
    public async Task Set_OfWhatSetGetHasReplaced_IsStored()
    {
        await Client.RunAsync("SET", _key, "a|i:1;");
        Assert.Equal("a|i:1;", await Client.TextAsync("SET", _key, "b|i:2;", "GET"));

        await Client.RunAsync("SET", _key, "a|i:1;");

        Assert.Equal("a|i:1;", await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Set_Twice_InATransaction_LeavesTheSecondValue()
    {
        await Client.RunAsync("SET", _key, "a|i:1;");
        await Client.TextAsync("GET", _key);

        await Client.TransactAsync(("SET", [_key, "a|i:1;x|i:2;"]), ("SET", [_key, "a|i:1;"]));

        Assert.Equal("a|i:1;", await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Set_AfterDelInATransaction_KeepsNothingOfTheOldValue()
    {
        await using RedisClient other = await RedisClient.ConnectAsync(cluster.Endpoints[1]);
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await Client.TextAsync("GET", _key);
        await other.TextAsync("GET", _key);
        await other.RunAsync("SETEX", _key, 100, "a|i:1;b|i:2;");

        RedisResult[] replies = (await Client.TransactAsync(("DEL", [_key]), ("SET", [_key, "c|i:3;"]), ("TTL", [_key])))!;

        Assert.Equal([1, -1], [(long)replies[0], (long)replies[2]]);
        Assert.Equal("c|i:3;", await other.TextAsync("GET", _key));
        Assert.Equal(-1, await other.NumberAsync("TTL", _key));
    }

    [Fact]
    public async Task Transaction_OfMoreThanMayWait_IsRefusedAndFreed()
    {
        (string, object[])[] commands = [.. Enumerable.Range(0, 40).Select(_ => ("SET", new object[] { _key, new byte[1024 * 1024] }))];

        RedisServerException error = await Assert.ThrowsAsync<RedisServerException>(() => Client.TransactAsync(commands));

        Assert.StartsWith("EXECABORT", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Client.NumberAsync("EXISTS", _key));
    }

    [Fact]
    public async Task HSet_OfTensOfThousandsOfFields_IsRefusedAtOnce()
    {
        object[] arguments = [_key, .. Enumerable.Range(0, 60_000)];

        Assert.Contains("2000 fields", await Client.ErrorAsync("HSET", arguments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HSet_AfterDelInATransaction_KeepsNoOldField()
    {
        await Client.RunAsync("HSET", _key, "old", "1");
        await Client.RunAsync("EXPIRE", _key, 100);

        await Client.TransactAsync(("DEL", [_key]), ("HSET", [_key, "new", "2"]));

        Assert.Equal(["new", "2"], (string[])(await Client.RunAsync("HGETALL", _key))!);
        Assert.Equal(-1, await Client.NumberAsync("TTL", _key));
    }

    [Fact]
    public async Task Expire_OfTheSameAndOfAnotherTime_IsTheTimeToLive()
    {
        await Client.RunAsync("SETEX", _key, 1_440, "a|i:1;");
        await Client.TextAsync("GET", _key);

        Assert.Equal(1, await Client.NumberAsync("EXPIRE", _key, 1_440));
        Assert.InRange(await Client.NumberAsync("TTL", _key), 1_430, 1_440);
        Assert.Equal(1, await Client.NumberAsync("EXPIRE", _key, 60));
        Assert.InRange(await Client.NumberAsync("TTL", _key), 50, 60);
        Assert.Equal(0, await Client.NumberAsync("EXPIRE", _key + "-unknown", 60));
    }

    [Fact]
    public async Task SetEx_OfTheSameValueAfterExpire_RestoresTheExpiry()
    {
        await Client.RunAsync("SETEX", _key, 1_440, "a|i:1;");
        await Client.TextAsync("GET", _key);
        await Client.RunAsync("EXPIRE", _key, 60);

        await Client.RunAsync("SETEX", _key, 1_440, "a|i:1;");

        Assert.InRange(await Client.NumberAsync("TTL", _key), 1_430, 1_440);
    }

    [Theory]
    [InlineData("a|i:1;")]
    [InlineData("a|i:1;b|i:2;")]
    public async Task SetEx_AfterAnotherClientsExpire_RestoresTheExpiry(string value)
    {
        await using RedisClient other = await RedisClient.ConnectAsync(cluster.Endpoints[1]);
        await Client.RunAsync("SETEX", _key, 1_440, "a|i:1;");
        await Client.TextAsync("GET", _key);
        await other.RunAsync("EXPIRE", _key, 60);

        await Client.RunAsync("SETEX", _key, 1_440, value);

        Assert.InRange(await Client.NumberAsync("TTL", _key), 1_430, 1_440);
        Assert.Equal(value, await other.TextAsync("GET", _key));
    }

    [Theory]
    [InlineData("GETDEL")]
    [InlineData("SET")]
    public async Task Write_AfterACommandThatFoundNothing_IsANewSession(string command)
    {
        await using RedisClient other = await RedisClient.ConnectAsync(cluster.Endpoints[1]);
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await Client.TextAsync("GET", _key);
        await other.RunAsync("DEL", _key);

        if (command == "GETDEL")
        {
            Assert.Null(await Client.TextAsync("GETDEL", _key));
            await Client.RunAsync("SETEX", _key, 100, "b|i:1;");
        }
        else
        {
            Assert.Equal("OK", await Client.TextAsync("SET", _key, "b|i:1;", "NX", "EX", 100));
        }

        Assert.Equal("b|i:1;", await other.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Script_ThatDeletesNothing_IsNoRead()
    {
        await using RedisClient other = await RedisClient.ConnectAsync(cluster.Endpoints[1]);
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await Client.TextAsync("GET", _key);
        await other.TextAsync("GET", _key);
        await other.RunAsync("SETEX", _key, 100, "a|i:1;b|i:2;");

        Assert.Equal(0, await Client.NumberAsync("EVALSHA", "b70c2384248f88e6b75b9f89241a180f856ad852", 1, _key, "x"));
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;c|i:3;");

        Assert.Equal("a|i:1;b|i:2;c|i:3;", await other.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Value_FirstWrittenAfterAReadThatSawNothing_IsNoHash()
    {
        Assert.Null(await Client.TextAsync("GET", _key));
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");

        Assert.StartsWith("WRONGTYPE", await Client.ErrorAsync("HGETALL", _key), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_OfAnotherFormatWithTheSameBytes_IsStored()
    {
        await Client.RunAsync("SET", _key, "i:1;");
        await Client.TextAsync("GET", _key);

        await Client.RunAsync("SET", _key, "payload|i:1;");

        Assert.Equal("payload|i:1;", await Client.TextAsync("GET", _key));
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
