using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>MULTI and EXEC: what is queued, refused and answered.</summary>
public sealed class TransactionTests(RespCluster cluster) : KeyOnBothSilos(cluster), IClassFixture<RespCluster>
{
    [Theory]
    [InlineData("HSET", "HGETALL")]
    [InlineData("HSET", "DEL")]
    [InlineData("EXPIRE", "HLEN")]
    public async Task Exec_WhileOthersChangeTheSessionAllTheTime_IsNotStarved(string first, string second)
    {
        await First.AskAsync("HSET", _key, "n", "0");
        using var stop = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 6).Select(i => Task.Run(
            async () =>
            {
                using RespSocket socket = await RespSocket.ConnectAsync(Cluster.Addresses[i % 2]);
                while (!stop.IsCancellationRequested)
                {
                    await socket.AskAsync("HINCRBY", _key, "n", "1");
                }
            },
            CancellationToken.None))];

        for (int i = 0; i < 50; i++)
        {
            await First.AskAsync("MULTI");
            await First.AskAsync(first == "HSET" ? [first, _key, "mine", $"{i}"] : [first, _key, "600"]);
            await First.AskAsync(second, _key);
            RespAnswer answer = await First.AskAsync("EXEC");
            Assert.True(answer.Items is { Count: 2 }, answer.Text);
        }

        await stop.CancelAsync();
        await Task.WhenAll(others);
    }

    [Theory]
    [InlineData("LPUSH", "x")]
    [InlineData("PUBLISH", "x")]
    [InlineData("PING", null)]
    [InlineData("GET", null)]
    public async Task Exec_AfterARefusedCommand_DoesNothing(string command, string? argument)
    {
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");
        Assert.StartsWith("-ERR", (await First.AskAsync(argument is null ? [command] : [command, _key, argument])).Text, StringComparison.Ordinal);

        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal("$-1", (await Second.AskAsync("GET", _key)).Text);
    }

    [Fact]
    public async Task Exec_OfTensOfThousandsOfFields_IsRefusedWhenTheyAreQueued()
    {
        await First.AskAsync("MULTI");
        string refusal = "";
        for (int i = 0; i < 40 && refusal.Length == 0; i++)
        {
            string[] fields = [.. Enumerable.Range(0, 500).SelectMany(field => new[] { $"f{i}-{field}", "x" })];
            RespAnswer answer = await First.AskAsync(["HSET", _key, .. fields]);
            refusal = answer.Text == "+QUEUED" ? "" : answer.Text;
        }

        Assert.Contains("arguments", refusal, StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_OfAllThatMayBeQueued_IsAnsweredAtOnce()
    {
        await First.AskAsync("MULTI");
        for (int i = 0; i < 16; i++)
        {
            await First.AskAsync(["HSET", _key, .. Enumerable.Range(0, 500).SelectMany(field => new[] { $"f{i}-{field}", "x" })]);
        }

        Assert.Contains("number of changes", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal(":0", (await First.AskAsync("EXISTS", _key)).Text);
    }

    [Fact]
    public async Task Append_PastTheLimitInATransaction_IsRefusedByItself()
    {
        string half = new('x', 600_000);
        await First.AskAsync("MULTI");
        await First.AskAsync("APPEND", _key, half);
        await First.AskAsync("APPEND", _key, half);
        await First.AskAsync("STRLEN", _key);

        RespAnswer answer = await First.AskAsync("EXEC");

        Assert.Equal(":600000", answer.Items![0].Text);
        Assert.Contains("limit", answer.Items[1].Text, StringComparison.Ordinal);
        Assert.Equal(":600000", answer.Items[2].Text);
    }

    [Fact]
    public async Task Lock_DeletedInATransaction_IsFree()
    {
        await First.AskAsync("SET", _lock, "me", "NX", "PX", "30000");
        await First.AskAsync("MULTI");
        Assert.Equal("+QUEUED", (await First.AskAsync("DEL", _lock)).Text);

        Assert.Equal("[:1]", $"{await First.AskAsync("EXEC")}");
        Assert.Equal("+OK", (await Second.AskAsync("SET", _lock, "other", "NX", "PX", "30000")).Text);
    }
}
