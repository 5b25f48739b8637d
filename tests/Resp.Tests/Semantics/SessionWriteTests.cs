using System.Diagnostics.Metrics;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Writes of parallel requests on both silos: all survive, and none brings an ended session back.</summary>
public sealed class SessionWriteTests(RespCluster cluster) : SessionOnBothSilos(cluster), IClassFixture<RespCluster>
{
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
