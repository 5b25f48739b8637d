using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Sessions;

/// <summary>Sessions that existed in Redis before the cluster.</summary>
public sealed class KeyImportTests : IAsyncLifetime
{
    private readonly EmbeddedStore _old = EmbeddedStore.Start();
    private readonly RespCluster _cluster = new();
    private readonly string _key = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value;
    private ConnectionMultiplexer? _oldConnection;
    private RedisClient? _client;

    private IDatabase Old => _oldConnection!.GetDatabase();

    private RedisClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _cluster.Settings["Resp:ImportFrom"] = _old.ConnectionString;
        await _cluster.InitializeAsync();
        _oldConnection = await ConnectionMultiplexer.ConnectAsync(_old.ConnectionString);
        _client = await RedisClient.ConnectAsync(_cluster.Endpoints[0]);
    }

    [Fact]
    public async Task Session_OfTheOldRedis_GoesOnInTheClusterAndCanNotComeBackFromThere()
    {
        await Old.StringSetAsync(_key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));

        Assert.Equal("user|s:3:\"Ada\";", await Client.TextAsync("GET", _key));
        Assert.InRange(await Client.NumberAsync("TTL", _key), 990, 1_000);
        Assert.False(await Old.KeyExistsAsync(_key));
        Assert.InRange((await Old.KeyTimeToLiveAsync("taken-over:" + _key))!.Value.TotalSeconds, 900, 1_000);

        await Client.RunAsync("SETEX", _key, 1_440, "user|s:3:\"Ada\";n|i:1;");
        Assert.Equal(1, await Client.NumberAsync("DEL", _key));
        Assert.Null(await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Session_EndedBeforeAnybodyRead_IsGone()
    {
        await Old.StringSetAsync(_key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));

        Assert.Equal(1, await Client.NumberAsync("DEL", _key));

        Assert.Null(await Client.TextAsync("GET", _key));
        Assert.Equal(0, await Client.NumberAsync("DEL", _key));
    }

    [Fact]
    public async Task Session_OverwrittenBeforeAnybodyRead_IsTheNewOne()
    {
        await Old.StringSetAsync(_key, "user|s:3:\"Ada\";");

        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");

        Assert.Equal("a|i:1;", await Client.TextAsync("GET", _key));
        await Client.RunAsync("DEL", _key);
        Assert.Null(await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Hash_OfRedisCache_KeepsItsFieldsAndItsTime()
    {
        const string key = "web:session-7";
        await Old.HashSetAsync(key, [new("absexp", -1), new("sldexp", 12_000_000_000), new("data", new byte[] { 2, 0, 255 })]);
        await Old.KeyExpireAsync(key, TimeSpan.FromMinutes(20));

        var fields = (RedisResult[])(await Client.RunAsync("HMGET", key, "absexp", "sldexp", "data"))!;

        Assert.Equal(["-1", "12000000000"], fields[..2].Select(field => (string?)field));
        Assert.Equal([2, 0, 255], (byte[]?)fields[2]);
        Assert.InRange(await Client.NumberAsync("TTL", key), 1_190, 1_200);
        Assert.False(await Old.KeyExistsAsync(key));
    }

    [Fact]
    public async Task Session_ImportedByManyAtOnce_IsOne()
    {
        await Old.StringSetAsync(_key, "n|i:1;", TimeSpan.FromSeconds(1_000));
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RedisClient.ConnectAsync(_cluster.Endpoints[i % 2])));

        string?[] values = await Task.WhenAll(clients.Select(client => client.TextAsync("GET", _key)));

        Assert.All(values, value => Assert.Equal("n|i:1;", value));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Session_WhoseOverwritingIsRefused_IsStillThere()
    {
        await Old.StringSetAsync(_key, "user|s:3:\"Ada\";");

        Assert.Contains("session size", await Client.ErrorAsync("SETEX", _key, 100, new byte[(1024 * 1024) + 1]), StringComparison.Ordinal);

        Assert.True(await Old.KeyExistsAsync(_key));
        Assert.Equal("user|s:3:\"Ada\";", await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Session_EndedWhileOthersImportIt_StaysEnded()
    {
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RedisClient.ConnectAsync(_cluster.Endpoints[i % 2])));
        for (int round = 0; round < 60; round++)
        {
            string key = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value;
            await Old.StringSetAsync(key, "n|i:1;", TimeSpan.FromSeconds(1_000));

            Task[] reads = [.. clients.Select(client => client.TextAsync("GET", key))];
            Assert.Equal(1, await Client.NumberAsync("DEL", key));
            await Task.WhenAll(reads);

            Assert.Null(await Client.TextAsync("GET", key));
        }

        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    /// <summary>A silo that crashed after claiming the key leaves a mark, so the session is not lost.</summary>
    [Fact]
    public async Task Session_ClaimedAndNotCopied_IsImportedByTheNextRequest()
    {
        await Old.StringSetAsync("taken-over:" + _key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));
        await Old.StringSetAsync("taking-over:" + _key, "1", TimeSpan.FromMinutes(1));

        Assert.Equal("user|s:3:\"Ada\";", await Client.TextAsync("GET", _key));

        Assert.False(await Old.KeyExistsAsync("taking-over:" + _key));
        Assert.InRange(await Client.NumberAsync("TTL", _key), 990, 1_000);
    }

    [Fact]
    public async Task Session_ClaimedAndNotCopied_CanBeEnded()
    {
        await Old.StringSetAsync("taken-over:" + _key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));
        await Old.StringSetAsync("taking-over:" + _key, "1", TimeSpan.FromMinutes(1));

        Assert.Equal(1, await Client.NumberAsync("DEL", _key));

        Assert.Null(await Client.TextAsync("GET", _key));
        Assert.False(await Old.KeyExistsAsync("taking-over:" + _key));
    }

    [Fact]
    public async Task Session_ImportedLongAgoAndEndedSince_DoesNotComeBack()
    {
        await Old.StringSetAsync("taken-over:" + _key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));

        Assert.Null(await Client.TextAsync("GET", _key));
    }

    /// <summary>A web server that still writes to the old Redis recreates a live key while the cluster has the session.</summary>
    [Theory]
    [InlineData("DEL")]
    [InlineData("MULTI")]
    [InlineData("EXPIRE")]
    [InlineData("RENAME")]
    public async Task Session_EndedWhileTheOldKeyIsBack_TakesItWithIt(string how)
    {
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await Old.StringSetAsync(_key, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));

        await (how switch
        {
            "MULTI" => Client.TransactAsync(("DEL", [_key])),
            "EXPIRE" => Client.RunAsync("EXPIRE", _key, 0),
            "RENAME" => Client.RunAsync("RENAME", _key, "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value),
            _ => (Task)Client.RunAsync("DEL", _key),
        });

        Assert.False(await Old.KeyExistsAsync(_key));
        Assert.False(await Old.KeyExistsAsync("taking-over:" + _key));
    }

    [Fact]
    public async Task Session_WhoseEndTheOldRedisDoesNotHearOf_IsNotEnded()
    {
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await _oldConnection!.DisposeAsync();
        _old.Dispose();

        Assert.Contains("can't be reached", await Client.ErrorAsync("DEL", _key), StringComparison.Ordinal);

        Assert.Equal("a|i:1;", await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task Session_TooLargeForTheCluster_CanBeEnded()
    {
        await Old.StringSetAsync(_key, new byte[(1024 * 1024) + 1]);

        Assert.Contains("session size", await Client.ErrorAsync("GET", _key), StringComparison.Ordinal);
        Assert.Equal(1, await Client.NumberAsync("DEL", _key));
        Assert.Null(await Client.TextAsync("GET", _key));
    }

    [Fact]
    public async Task OldRedis_Away_IsAnErrorAndNotAnEmptySession()
    {
        await Client.RunAsync("SETEX", _key, 100, "a|i:1;");
        await _oldConnection!.DisposeAsync();
        _old.Dispose();

        Assert.Equal("a|i:1;", await Client.TextAsync("GET", _key));
        Assert.Contains("can't be reached", await Client.ErrorAsync("GET", _key + "x"), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _oldConnection!.DisposeAsync();
        await _cluster.DisposeAsync();
        _old.Dispose();
    }
}
