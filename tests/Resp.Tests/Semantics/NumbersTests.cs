using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Numbers incremented by many clients at once.</summary>
public sealed class NumbersTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private const int Clients = 16;
    private const int Each = 25;

    [Theory]
    [InlineData("plain:", "INCR")]
    [InlineData("plain:", "INCRBYFLOAT")]
    [InlineData("plain:", "HINCRBY")]
    [InlineData("plain:", "HINCRBYFLOAT")]
    [InlineData("PHPREDIS_SESSION:", "INCR")]
    [InlineData("PHPREDIS_SESSION:", "HINCRBY")]
    public async Task Increments_OfMany_AllCountAndEachHasItsOwnResult(string prefix, string command)
    {
        string key = prefix + SessionToken.CreateWithoutSecret().Value;
        string[] increment = command switch
        {
            "INCR" => [command, key],
            "INCRBYFLOAT" => [command, key, "1"],
            _ => [command, key, "f", "1"],
        };

        string[][] results = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            using RespSocket socket = await RespSocket.ConnectAsync(cluster.Addresses[i % 2]);
            List<string> own = [];
            for (int n = 0; n < Each; n++)
            {
                own.Add((await socket.AskAsync(increment)).Text[1..]);
            }

            return own.ToArray();
        }));

        Assert.Equal(Enumerable.Range(1, Clients * Each).Select(static n => $"{n}").Order(), results.SelectMany(static own => own).Order());
    }

    [Fact]
    public async Task Increment_KeepsTheTimeToLive()
    {
        string key = "plain:" + SessionToken.CreateWithoutSecret().Value;
        using RespSocket socket = await RespSocket.ConnectAsync(cluster.Addresses[0]);
        await socket.AskAsync("SET", key, "1", "PXAT", "4000000000000");
        RespAnswer before = await socket.AskAsync("PEXPIRETIME", key);
        await socket.AskAsync("INCR", key);
        await socket.AskAsync("APPEND", key, "0");

        Assert.Equal(before, await socket.AskAsync("PEXPIRETIME", key));
    }

    [Fact]
    public async Task Expiry_OfLessThanASecond_EndsAPlainKeyThen()
    {
        string key = "plain:" + SessionToken.CreateWithoutSecret().Value;
        using RespSocket socket = await RespSocket.ConnectAsync(cluster.Addresses[0]);
        await socket.AskAsync("SET", key, "1", "PX", "150");
        long left = long.Parse((await socket.AskAsync("PTTL", key)).Text.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

        Assert.InRange(left, -2, 150);
        while ((await socket.AskAsync("EXISTS", key)).Text != ":0")
        {
            await Task.Yield();
        }
    }
}
