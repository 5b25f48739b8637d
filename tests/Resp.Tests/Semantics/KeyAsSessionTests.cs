using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>A key is a session: its entries, its idle timeout, its limits and its secret.</summary>
public sealed class KeyAsSessionTests(RespCluster cluster) : SessionOnBothSilos(cluster), IClassFixture<RespCluster>
{
    [Fact]
    public async Task Session_OfAFrontend_IsSharedEntryByEntry()
    {
        await using RedisClient client = await ConnectAsync(0);
        await Cluster.CommitAsync(Prefix, _token, SessionChange.Set("name", "Ada"u8.ToArray()), SessionChange.Set("cart", "[1,2]"u8.ToArray(), EntryFormat.Json));
        Assert.Equal("name|s:3:\"Ada\";cart|a:2:{i:0;i:1;i:1;i:2;}", await client.TextAsync("GET", Key));

        await Cluster.CommitAsync(Prefix, _token, SessionChange.Set("net", "x"u8.ToArray()));
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

    /// <summary>A browser's token has an id and a secret. A Redis client that knows the id must get no further than one that knows nothing.</summary>
    [Fact]
    public async Task Session_WithASecret_IsThereForNoRedisClient()
    {
        SessionToken token = SessionToken.Create();
        string id = token.Value.Split('.')[0];
        SessionKey session = SessionKey.For(Prefix, token);
        var commit = new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Set("a", "1"u8.ToArray())], Secret = token.SecretHash };
        await Cluster.Sessions.CommitAsync(session, commit, TestContext.Current.CancellationToken);
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
        LoadResult loaded = await Cluster.Sessions.LoadAsync(session, touch: false, token.SecretHash, TestContext.Current.CancellationToken);
        Assert.Equal((1L, "a"), (loaded.Snapshot!.Version, Assert.Single(loaded.Snapshot.Entries).Name));
    }
}
