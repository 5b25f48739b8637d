using System.Diagnostics.Metrics;
using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>The cluster's session guarantees, over the Redis protocol at any of its silos.</summary>
public sealed class SessionsThroughTheDoorTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private const string Prefix = "PHPREDIS_SESSION:";
    private const int Lifetime = 1_440;

    private readonly string _token = SessionToken.CreateWithoutSecret().Value;

    private string Key => Prefix + _token;

    [Fact]
    public async Task Write_Acknowledged_IsReadAtTheOtherSilo()
    {
        await using RedisClient first = await ConnectAsync(0);
        await using RedisClient second = await ConnectAsync(1);

        for (int i = 0; i < 50; i++)
        {
            await first.RunAsync("SETEX", Key, Lifetime, $"n|i:{i};");
            Assert.Equal($"n|i:{i};", await second.TextAsync("GET", Key));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:0:{}")]
    [InlineData("kept|s:3:\"yes\";")]
    public async Task Writes_OfParallelRequests_AllSurvive(string before)
    {
        const int requests = 40;
        await using RedisClient creator = await ConnectAsync(0);
        await creator.RunAsync("SETEX", Key, Lifetime, before);
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, requests).Select(ConnectAsync));
        string[] read = await Task.WhenAll(clients.Select(async client => (await client.TextAsync("GET", Key))!));

        await Task.WhenAll(clients.Select((client, i) => client.RunAsync("SETEX", Key, Lifetime, Add(read[i], $"key{i}", i))));

        string after = (await creator.TextAsync("GET", Key))!;
        Assert.All(Enumerable.Range(0, requests), i => Assert.Contains($"key{i}", after, StringComparison.Ordinal));
        Assert.Equal(requests + (before.StartsWith("kept", StringComparison.Ordinal) ? 1 : 0), (await LoadAsync())!.Entries.Length);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task FirstWrites_OfParallelRequests_MakeOneSession()
    {
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(ConnectAsync));
        string?[] read = await Task.WhenAll(clients.Select(client => client.TextAsync("GET", Key)));
        Assert.All(read, Assert.Null);

        await Task.WhenAll(clients.Select((client, i) => client.RunAsync("SETEX", Key, Lifetime, $"key{i}|i:{i};")));

        Assert.Equal(10, (await LoadAsync())!.Entries.Length);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Write_WithoutARead_ReplacesTheWhole()
    {
        await using RedisClient first = await ConnectAsync(0);
        await using RedisClient second = await ConnectAsync(1);
        await first.RunAsync("SETEX", Key, Lifetime, "a|i:1;b|i:2;");

        await second.RunAsync("SETEX", Key, Lifetime, "c|i:3;");

        Assert.Equal("c|i:3;", await first.TextAsync("GET", Key));
    }

    [Fact]
    public async Task Write_AfterSomebodyElseEndedTheSession_IsAcknowledgedAndCountedAndHasNoEffect()
    {
        using LateWriteCounter late = new();
        await using RedisClient request = await ConnectAsync(0);
        await using RedisClient logout = await ConnectAsync(1);
        await logout.RunAsync("SETEX", Key, Lifetime, "user|i:1;");
        await request.TextAsync("GET", Key);

        Assert.Equal(1, await logout.NumberAsync("DEL", Key));

        Assert.Equal("OK", await request.TextAsync("SETEX", Key, Lifetime, "user|i:1;last|i:5;"));
        Assert.Equal("OK", await request.TextAsync("SETEX", Key, Lifetime, "user|i:1;"));
        Assert.Equal("OK", await request.TextAsync("SET", Key, "user|i:1;", "KEEPTTL"));
        Assert.Equal(0, await logout.NumberAsync("EXISTS", Key));
        Assert.True(late.Count >= 3);
    }

    [Fact]
    public async Task Write_AfterARereadThatSawNothing_IsANewSession()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        await client.TextAsync("GET", Key);
        Guid before = (await LoadAsync())!.Incarnation;
        await using RedisClient other = await ConnectAsync(1);
        await other.RunAsync("DEL", Key);

        Assert.Null(await client.TextAsync("GET", Key));
        await client.RunAsync("SETEX", Key, Lifetime, "b|i:1;");

        Assert.Equal("b|i:1;", await other.TextAsync("GET", Key));
        Assert.NotEqual(before, (await LoadAsync())!.Incarnation);
    }

    [Fact]
    public async Task Session_OfAFrontend_IsSharedEntryByEntry()
    {
        await using RedisClient client = await ConnectAsync(0);
        await cluster.CommitAsync(Prefix, _token, SessionChange.Set("name", "Ada"u8.ToArray()), SessionChange.Set("cart", "[1,2]"u8.ToArray(), EntryFormat.Json));
        Assert.Equal("name|s:3:\"Ada\";cart|a:2:{i:0;i:1;i:1;i:2;}", await client.TextAsync("GET", Key));

        await cluster.CommitAsync(Prefix, _token, SessionChange.Set("net", "x"u8.ToArray()));
        await client.RunAsync("SETEX", Key, Lifetime, "name|s:5:\"Grace\";cart|a:2:{i:0;i:1;i:1;i:2;}");

        SessionSnapshot after = (await LoadAsync())!;
        Assert.Equal(["name", "cart", "net"], after.Entries.Select(entry => entry.Name));
        Assert.Equal([EntryFormat.Php, EntryFormat.Json, EntryFormat.Bytes], after.Entries.Select(entry => entry.Format));
    }

    [Theory]
    [InlineData("\u0000\u0000\u0000\u0002\u0014\u0001\u0011\u0001aigbinary")]
    [InlineData("{\"cookie\":{\"originalMaxAge\":null},\"user\":1}")]
    [InlineData("a|O:1:\"A\":1:{s:1:\"b\";R:1;}")]
    [InlineData("anything at all")]
    public async Task Value_OfAnotherFormat_ComesBackByteForByte(string value)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(value);
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SET", Key, bytes, "EX", Lifetime);

        Assert.Equal(bytes, (byte[]?)await client.RunAsync("GET", Key));
        Assert.Equal(bytes, (await LoadAsync())!.Entries[0].Value);
    }

    [Fact]
    public async Task Expiry_Reached_EndsTheSessionForEverybody()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, 100, "a|i:1;");
        Assert.InRange(await client.NumberAsync("PTTL", Key), 1_000, 100_000);

        await client.RunAsync("EXPIRE", Key, 1);
        while (await client.NumberAsync("PTTL", Key) >= 0)
        {
            await Task.Yield();
        }

        await using RedisClient other = await ConnectAsync(1);
        Assert.Null(await other.TextAsync("GET", Key));
        Assert.Equal(0, await other.NumberAsync("EXPIRE", Key, 100));
    }

    [Fact]
    public async Task Expiry_Set_IsTheSessionsIdleTimeout()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        Assert.Equal(TimeSpan.FromSeconds(Lifetime), (await LoadAsync())!.IdleTimeout);

        Assert.Equal(1, await client.NumberAsync("EXPIRE", Key, 99));
        Assert.Equal(TimeSpan.FromSeconds(99), (await LoadAsync())!.IdleTimeout);
        Assert.InRange(await client.NumberAsync("TTL", Key), 90, 99);
        Assert.Equal(1, await client.NumberAsync("PERSIST", Key));
        Assert.Equal(-1, await client.NumberAsync("TTL", Key));
        Assert.Equal(1, await client.NumberAsync("EXPIRE", Key, -1));
        Assert.Equal(-2, await client.NumberAsync("TTL", Key));
    }

    [Fact]
    public async Task Value_OverALimit_IsRefusedAndChangesNothing()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");

        string error = await client.ErrorAsync("SETEX", Key, Lifetime, new byte[(1024 * 1024) + 1]);

        Assert.Contains("session size in bytes", error, StringComparison.Ordinal);
        Assert.Contains("1048576", error, StringComparison.Ordinal);
        Assert.Equal("a|i:1;", await client.TextAsync("GET", Key));
    }

    [Fact]
    public async Task Value_OfMoreVariablesThanEntriesAllowed_IsKeptWhole()
    {
        string value = string.Concat(Enumerable.Range(0, 1_500).Select(i => $"v{i}|i:{i};"));
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, value);

        Assert.Equal(value, await client.TextAsync("GET", Key));
        Assert.Single((await LoadAsync())!.Entries);
    }

    [Fact]
    public async Task SetNx_OfMany_IsWonByOne()
    {
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 16).Select(ConnectAsync));

        string?[] answers = await Task.WhenAll(clients.Select((client, i) => client.TextAsync("SET", Key, $"n|i:{i};", "NX", "EX", Lifetime)));

        int winner = Assert.Single(Enumerable.Range(0, 16), i => answers[i] == "OK");
        Assert.Equal($"n|i:{winner};", await clients[0].TextAsync("GET", Key));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Fields_OfParallelWriters_AllSurvive()
    {
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 16).Select(ConnectAsync));

        long[] added = await Task.WhenAll(clients.Select((client, i) => client.NumberAsync("HSET", "hash:" + _token, $"f{i}", i)));

        Assert.All(added, one => Assert.Equal(1, one));
        Assert.Equal(32, ((RedisResult[])(await clients[0].RunAsync("HGETALL", "hash:" + _token))!).Length);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Transactions_OfMany_TakeEffectWhole()
    {
        RedisClient[] clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(ConnectAsync));

        RedisResult[]?[] results = await Task.WhenAll(clients.Select((client, i) => client.TransactAsync(
            ("SETNX", [Key, $"n|i:{i};"]), ("EXPIRE", [Key, 100 + i]), ("GET", [Key]))));

        int winner = Assert.Single(Enumerable.Range(0, 12), i => (long)results[i]![0] == 1);
        Assert.All(results, result => Assert.Equal($"n|i:{winner};", (string?)result![2]));
        Assert.InRange(await clients[0].NumberAsync("TTL", Key), 90, 112);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Rename_ToANewKey_KeepsTheIncarnation()
    {
        string newToken = SessionToken.CreateWithoutSecret().Value;
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        Guid incarnation = (await LoadAsync())!.Incarnation;

        Assert.Equal("OK", await client.TextAsync("RENAME", Key, Prefix + newToken));

        Assert.Equal(0, await client.NumberAsync("EXISTS", Key));
        Assert.Equal(incarnation, (await cluster.LoadAsync(Prefix, newToken)).Snapshot!.Incarnation);
        Assert.Contains("no such key", await client.ErrorAsync("RENAME", Key, "x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rename_ToAKeyInUse_OverwritesIt()
    {
        string otherToken = SessionToken.CreateWithoutSecret().Value;
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        await client.RunAsync("SETEX", Prefix + otherToken, 100, "b|i:2;");

        await client.RunAsync("RENAME", Key, Prefix + otherToken);

        Assert.Equal("a|i:1;", await client.TextAsync("GET", Prefix + otherToken));
        Assert.InRange(await client.NumberAsync("TTL", Prefix + otherToken), Lifetime - 10, Lifetime);
        Assert.Null(await client.TextAsync("GET", Key));
    }

    [Fact]
    public async Task Scan_ByPrefix_ListsSessionsUnderHandlesThatWorkAsKeys()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, $"t|s:43:\"{_token}\";");
        await client.RunAsync("SETEX", "another:" + _token, Lifetime, "x");
        List<string> handles = [];
        string cursor = "0";
        do
        {
            var page = (RedisResult[])(await client.RunAsync("SCAN", cursor, "MATCH", Prefix + "*", "COUNT", 50))!;
            cursor = (string)page[0]!;
            handles.AddRange((string[])page[1]!);
        }
        while (cursor != "0");

        Assert.All(handles, handle => Assert.DoesNotContain(_token, handle, StringComparison.Ordinal));
        string?[] values = (string?[])(await client.RunAsync("MGET", [.. handles]))!;
        Assert.Contains($"t|s:43:\"{_token}\";", values);
        Assert.DoesNotContain("x", values);
    }

    [Fact]
    public async Task DbSize_CountsTheSessionsUnderConfiguredPrefixes()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SELECT", "7");
        long before = await client.NumberAsync("DBSIZE");
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        await client.RunAsync("SETEX", "another:" + _token, Lifetime, "x");

        Assert.Equal(before + 1, await client.NumberAsync("DBSIZE"));
    }

    [Fact]
    public async Task Pattern_LongerThanAnyKey_IsRefused()
    {
        await using RedisClient client = await ConnectAsync(0);
        string pattern = string.Concat(Enumerable.Repeat("*a", 100_000));

        Assert.Contains("1024 bytes", await client.ErrorAsync("KEYS", pattern), StringComparison.Ordinal);
        Assert.Contains("1024 bytes", await client.ErrorAsync("SCAN", 0, "MATCH", pattern), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rename_ToAnotherNamespace_IsListedThere()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", "another:" + _token, Lifetime, "n|i:4711;");
        await client.RunAsync("RENAME", "another:" + _token, Key);

        Assert.Contains(
            KeyMap.HandleOf(Prefix, SessionKey.For(Prefix, Parse(_token)).Value), (string?[])(await client.RunAsync("KEYS", Prefix + "*"))!);
    }

    /// <summary>A browser's token has an id and a secret. A Redis client that knows the id must get no further than one that knows nothing.</summary>
    [Fact]
    public async Task Session_WithASecret_IsThereForNoRedisClient()
    {
        SessionToken token = SessionToken.Create();
        string id = token.Value.Split('.')[0];
        SessionKey session = SessionKey.For(Prefix, token);
        var commit = new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Set("a", "1"u8.ToArray())], Secret = token.SecretHash };
        await cluster.Sessions.CommitAsync(session, commit, TestContext.Current.CancellationToken);
        await using RedisClient client = await ConnectAsync(0);

        foreach (string key in (string[])[Prefix + id, Prefix + token.Value, KeyMap.HandleOf(Prefix, session.Value)])
        {
            Assert.Null(await client.TextAsync("GET", key));
            Assert.Equal(0, await client.NumberAsync("EXISTS", key));
            Assert.Equal(0, await client.NumberAsync("EXPIRE", key, 100));
            Assert.Equal(0, await client.NumberAsync("DEL", key));
            Assert.Equal(-2, await client.NumberAsync("TTL", key));
        }

        Assert.Contains("has a secret", await client.ErrorAsync("SETEX", Prefix + id, 100, "a|i:2;"), StringComparison.Ordinal);
        Assert.Contains("has a secret", await client.ErrorAsync("SET", Prefix + id, "a|i:2;", "NX"), StringComparison.Ordinal);
        Assert.Contains("has a secret", await client.ErrorAsync("HSET", Prefix + id, "a", "2"), StringComparison.Ordinal);
        Assert.Contains("has a secret", await client.ErrorAsync("INCR", Prefix + id), StringComparison.Ordinal);
        LoadResult loaded = await cluster.Sessions.LoadAsync(session, touch: false, token.SecretHash, TestContext.Current.CancellationToken);
        Assert.Equal((1L, "a"), (loaded.Snapshot!.Version, Assert.Single(loaded.Snapshot.Entries).Name));
    }

    private static SessionToken Parse(string token) => SessionToken.TryParse(token, out SessionToken parsed) ? parsed : throw new ArgumentException("No token.");

    private async Task<RedisClient> ConnectAsync(int number) => await RedisClient.ConnectAsync(cluster.Endpoints[number % 2]);

    private async Task<SessionSnapshot?> LoadAsync() => (await cluster.LoadAsync(Prefix, _token)).Snapshot;

    /// <summary>Imitates a PHP request that sets one more variable.</summary>
    private static string Add(string session, string name, int value) => session.StartsWith("a:", StringComparison.Ordinal)
        ? $"a:{int.Parse(session.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) + 1}:"
            + $"{session[session.IndexOf('{', StringComparison.Ordinal)..^1]}s:{name.Length}:\"{name}\";i:{value};}}"
        : $"{session}{name}|i:{value};";

    private sealed class LateWriteCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public LateWriteCounter()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "orleans_sessions.resp.late_writes")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref _count, measurement));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
