using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Commands that ask for more than a reply can hold.</summary>
public sealed class ReplySizeTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private readonly string _key = "big:" + SessionToken.Create().Value;

    [Fact]
    public async Task Reply_LongerThanAllowed_IsAnErrorAndTheConnectionGoesOn()
    {
        await using RedisClient client = await RedisClient.ConnectAsync(cluster.Endpoints[0]);
        await client.RunAsync("HSET", _key, "f", new byte[1_000_000]);
        await client.RunAsync("SET", _key + "s", new byte[1_000_000]);
        object[] fields = [_key, .. Enumerable.Repeat("f", 70)];
        object[] keys = [.. Enumerable.Repeat(_key + "s", 70)];

        Assert.Contains("more than", await client.ErrorAsync("HMGET", fields), StringComparison.Ordinal);
        Assert.Contains("more than", await client.ErrorAsync("MGET", keys), StringComparison.Ordinal);
        Assert.Equal("PONG", await client.TextAsync("PING"));
    }
}
