using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Commands that request more values than may be in memory at once.</summary>
public sealed class ReplySizeTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private readonly string _key = "big:" + SessionToken.CreateWithoutSecret().Value;

    [Fact]
    public async Task Reply_LongerThanAllowed_IsAnErrorAndTheConnectionGoesOn()
    {
        await using RedisClient client = await RedisClient.ConnectAsync(cluster.Endpoints[0]);
        await client.RunAsync("SET", _key + "s", new byte[1_000_000]);
        object[] keys = [.. Enumerable.Repeat(_key + "s", 70)];

        Assert.Contains("would exceed", await client.ErrorAsync("MGET", keys), StringComparison.Ordinal);
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(() => client.TransactAsync([.. keys.Select(key => ("GET", new[] { key }))]));
        Assert.Contains("would exceed", refused.Message, StringComparison.Ordinal);
        Assert.Equal("PONG", await client.TextAsync("PING"));
    }

    [Fact]
    public async Task Session_OverTheLimit_IsRefusedWithLimitSizeAndOptionAndLogged()
    {
        await using RedisClient client = await RedisClient.ConnectAsync(cluster.Endpoints[0]);

        string error = await client.ErrorAsync("SETEX", "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value, 100, new byte[(1024 * 1024) + 1]);

        Assert.Matches("session size in bytes would be 10485\\d\\d, and the limit is 1048576 \\(SessionCluster:Limits:MaxBytes\\)", error);
        Assert.Contains("was refused. The session size in bytes would be", cluster.Log.Text, StringComparison.Ordinal);
    }
}
