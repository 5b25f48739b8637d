using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>The lock keys of session handlers, over both silos.</summary>
public sealed class LockTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private const string Release = "if redis.call(\"get\",KEYS[1]) == ARGV[1] then return redis.call(\"del\",KEYS[1]) else return 0 end";
    private const string ReleaseSha = "b70c2384248f88e6b75b9f89241a180f856ad852";

    private readonly string _key = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value;

    private string Lock => _key + "_LOCK";

    [Fact]
    public async Task Counter_IncrementedUnderTheLock_LosesNothing()
    {
        const int clients = 8;
        const int rounds = 10;
        RedisClient[] connected = await Task.WhenAll(Enumerable.Range(0, clients).Select(ConnectAsync));

        await Task.WhenAll(connected.Select(async (client, owner) =>
        {
            for (int i = 0; i < rounds; i++)
            {
                while (await client.TextAsync("SET", Lock, $"owner-{owner}", "NX", "PX", 30_000) is null)
                {
                    // Each refusal has waited its time in the session's grain.
                }

                string value = await client.TextAsync("GET", _key) ?? "n|i:0;";
                long count = long.Parse(value.AsSpan(4, value.Length - 5), System.Globalization.CultureInfo.InvariantCulture);
                await client.RunAsync("SETEX", _key, 1_440, $"n|i:{count + 1};");
                Assert.Equal(1, await client.NumberAsync("EVALSHA", ReleaseSha, 1, Lock, $"owner-{owner}"));
            }
        }));

        Assert.Equal($"n|i:{clients * rounds};", await connected[0].TextAsync("GET", _key));
        await Task.WhenAll(connected.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Lock_Taken_LooksLikeAStringThatExpires()
    {
        await using RedisClient first = await ConnectAsync(0);
        await using RedisClient second = await ConnectAsync(1);

        Assert.Equal("OK", await first.TextAsync("SET", Lock, "secret", "NX", "EX", 30));

        Assert.Null(await second.TextAsync("SET", Lock, "other", "NX", "PX", 30_000));
        Assert.Equal("secret", await second.TextAsync("GET", Lock));
        Assert.Equal("string", await second.TextAsync("TYPE", Lock));
        Assert.Equal(1, await second.NumberAsync("EXISTS", Lock));
        Assert.InRange(await second.NumberAsync("PTTL", Lock), 20_000, 30_000);
        Assert.Equal(1, await second.NumberAsync("EXPIRE", Lock, 60));
        Assert.InRange(await first.NumberAsync("TTL", Lock), 50, 60);
        Assert.Null(await first.TextAsync("GET", _key));
        Assert.Equal(0, await first.NumberAsync("EXISTS", _key));
    }

    [Fact]
    public async Task Release_ByTheScript_NeedsTheSecret()
    {
        await using RedisClient client = await ConnectAsync(1);
        await client.RunAsync("SETNX", Lock, "secret");

        Assert.Equal(0, await client.NumberAsync("EVAL", Release, 1, Lock, "other"));
        Assert.Equal("secret", await client.TextAsync("GET", Lock));
        Assert.Equal(1, await client.NumberAsync("EVAL", Release, 1, Lock, "secret"));
        Assert.Equal(0, await client.NumberAsync("EVAL", Release, 1, Lock, "secret"));
        Assert.Null(await client.TextAsync("GET", Lock));
        Assert.Equal(-2, await client.NumberAsync("TTL", Lock));
    }

    [Fact]
    public async Task Release_OfAnOrdinaryKeyByTheScript_ComparesItsValue()
    {
        string key = "job:" + SessionToken.CreateWithoutSecret().Value;
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SET", key, "secret", "NX", "PX", 30_000);

        Assert.Equal(0, await client.NumberAsync("EVAL", Release, 1, key, "other"));
        Assert.Equal(1, await client.NumberAsync("EVAL", Release, 1, key, "secret"));
        Assert.Equal(0, await client.NumberAsync("EXISTS", key));
    }

    [Fact]
    public async Task Script_OfAnyOtherKind_IsRefusedByName()
    {
        await using RedisClient client = await ConnectAsync(0);

        Assert.StartsWith("NOSCRIPT", await client.ErrorAsync("EVALSHA", new string('0', 40), 1, Lock, "x"), StringComparison.Ordinal);
        Assert.Contains("runs no scripts", await client.ErrorAsync("EVAL", "return 1", 0), StringComparison.Ordinal);
        Assert.Contains("lock", await client.ErrorAsync("SET", Lock, "x"), StringComparison.Ordinal);
        Assert.Contains("lock", await client.ErrorAsync("HSET", Lock, "x", "y"), StringComparison.Ordinal);
    }

    private Task<RedisClient> ConnectAsync(int number) => RedisClient.ConnectAsync(cluster.Endpoints[number % 2]);
}
