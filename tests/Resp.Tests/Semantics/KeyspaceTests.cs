using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Commands that rename, list and count keys.</summary>
public sealed class KeyspaceTests(RespCluster cluster) : SessionOnBothSilos(cluster), IClassFixture<RespCluster>
{
    [Fact]
    public async Task Rename_ToANewKey_KeepsTheIncarnation()
    {
        string newToken = SessionToken.CreateWithoutSecret().Value;
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", Key, Lifetime, "a|i:1;");
        Guid incarnation = (await LoadAsync())!.Incarnation;

        Assert.Equal("OK", await client.TextAsync("RENAME", Key, Prefix + newToken));

        Assert.Equal(0, await client.NumberAsync("EXISTS", Key));
        Assert.Equal(incarnation, (await Cluster.LoadAsync(Prefix, newToken)).Snapshot!.Incarnation);
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
    public async Task Rename_ToAnotherNamespace_IsListedThere()
    {
        await using RedisClient client = await ConnectAsync(0);
        await client.RunAsync("SETEX", "another:" + _token, Lifetime, "n|i:4711;");
        await client.RunAsync("RENAME", "another:" + _token, Key);

        Assert.Contains(
            KeyMap.HandleOf(Prefix, SessionKey.For(Prefix, Parse(_token)).Value), (string?[])(await client.RunAsync("KEYS", Prefix + "*"))!);
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

    private static SessionToken Parse(string token) => SessionToken.TryParse(token, out SessionToken parsed) ? parsed : throw new ArgumentException("No token.");
}
