using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Clients that break the rules lose their connection, and no other client is affected.</summary>
public sealed class HostileClientTests
{
    [Fact]
    public async Task ClientThatNeverReads_IsReadNoFurtherAndThenDisconnected()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        const int asked = 2_000;
        await client.SendAsync(string.Concat(Enumerable.Repeat("BIG\r\n", asked)));

        using RespTestClient other = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));
        await endpoint.PassTimeUntilAsync("it is disconnected", () => endpoint.Open == 1);
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));

        // The operating system's buffers on both sides of a connection, plus one reply.
        Assert.InRange(endpoint.Commands.BigReplies, 1, 32);
    }

    [Fact]
    public async Task ReplyLargerThanMemory_ToAClientThatNeverReads_IsWrittenNoFurther()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        await client.SendAsync("MANY\r\n");
        await endpoint.PassTimeUntilAsync("it is disconnected", () => endpoint.Open == 0);
        Assert.InRange(endpoint.Commands.BigReplies, 1, 32);
    }

    [Fact]
    public async Task ClientThatNeverReadsItsLastReplies_IsDisconnectedAfterItHasQuit()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat("BIG\r\n", 100)) + "QUIT\r\n");
        await endpoint.PassTimeUntilAsync("it is disconnected", () => endpoint.Commands.BigReplies > 0 && endpoint.Open == 0);
    }

    [Theory]
    [InlineData("PI")]
    [InlineData("*2\r\n")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$100\r\nab")]
    public async Task HalfACommand_IsNotWaitedForLongerThanTheLimit(string half)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        await client.SendAsync(half);
        Task<string> end = client.ReadToEndAsync();
        await endpoint.PassTimeUntilAsync("it is disconnected", () => end.IsCompleted);
        Assert.Equal("", await end);
    }

    [Fact]
    public async Task ByteNowAndThen_DoesNotExtendTheLimit()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();

        // More bytes than are sent.
        await client.SendAsync("*2\r\n$4\r\nECHO\r\n$8000000\r\n");
        Task<string> end = client.ReadToEndAsync();
        await endpoint.PassTimeUntilAsync("it is disconnected", () => end.IsCompleted, async () =>
        {
            try
            {
                await client.SendAsync("a");
            }
            catch (IOException)
            {
                // The connection has been closed.
            }
        });
        Assert.Equal("", await end);
    }

    [Fact]
    public async Task SilentClient_StaysUnlessAnIdleTimeoutIsSet()
    {
        await using RespEndpoint patient = await RespEndpoint.StartAsync();
        using RespTestClient staying = await patient.ConnectAsync();
        Assert.Equal("+PONG\r\n", await staying.AskAsync("PING"));
        patient.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal("+PONG\r\n", await staying.AskAsync("PING"));

        await using RespEndpoint strict = await RespEndpoint.StartAsync(static options => options.IdleTimeout = TimeSpan.FromMinutes(5));
        using RespTestClient leaving = await strict.ConnectAsync();
        Assert.Equal("+PONG\r\n", await leaving.AskAsync("PING"));
        Task<string> end = leaving.ReadToEndAsync();
        await strict.PassTimeUntilAsync("it is disconnected", () => end.IsCompleted);
    }

    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$1000000000\r\n", "-ERR Protocol error: invalid bulk length\r\n")]
    [InlineData("*1000000000\r\n", "-ERR Protocol error: invalid multibulk length\r\n")]
    [InlineData("PING\r\n*1\r\n*1\r\n", "+PONG\r\n-ERR Protocol error: expected '$', got '*'\r\n")]
    public async Task ImpossibleCommand_IsRefusedInRedisWordsAndTheConnectionClosed(string bytes, string replies)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        using RespTestClient other = await endpoint.ConnectAsync();
        await client.SendAsync(bytes);
        Assert.Equal(replies, await client.ReadToEndAsync());
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Value_OverTheLimit_IsRefusedInWordsAndNotByABrokenPipe(int mebibytes)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxBulkBytes = 64 * 1024);
        using RespTestClient client = await endpoint.ConnectAsync();

        // Like blocking clients, which send everything before they read.
        await client.SendAsync(Frames.Encode("SET"u8.ToArray(), "k"u8.ToArray(), new byte[mebibytes * 1024 * 1024], "EX"u8.ToArray(), "100"u8.ToArray()));

        Assert.Equal(
            $"-ERR Protocol error: invalid bulk length: {mebibytes * 1024 * 1024} bytes exceed Resp:MaxBulkBytes, 65536\r\n",
            await client.ReadToEndAsync());
        Assert.Contains("exceed Resp:MaxBulkBytes", endpoint.Log.Text);
    }

    [Fact]
    public async Task Values_OverTheLimit_AreLoggedAtAPace()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxBulkBytes = 64 * 1024);
        for (int i = 0; i < 5; i++)
        {
            using RespTestClient client = await endpoint.ConnectAsync();
            await client.SendAsync(Frames.Encode("ECHO"u8.ToArray(), new byte[100_000]));
            Assert.StartsWith("-ERR", await client.ReadToEndAsync());
        }

        Assert.Single(endpoint.Log.Text.Split('\n'), static line => line.Contains("Resp:MaxBulkBytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RandomBytesOnManyConnections_LeaveTheEndpointUnharmed()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient other = await endpoint.ConnectAsync();
        Random random = new(20262);
        byte[] bytes = new byte[512];
        for (int i = 0; i < 300; i++)
        {
            using RespTestClient client = await endpoint.ConnectAsync();
            random.NextBytes(bytes);
            bytes[0] = (byte)"*$P\r"[i % 4];
            await client.SendAsync([.. bytes, .. i % 2 == 0 ? "\r\nQUIT\r\n"u8 : "\r\n"u8]);
            client.FinishSending();
            await client.ReadToEndAsync();
        }

        using (RespTestClient deep = await endpoint.ConnectAsync())
        {
            await deep.SendAsync(string.Concat(Enumerable.Repeat("*1\r\n", 100_000)));
            await deep.ReadToEndAsync();
        }

        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));
        Assert.DoesNotContain("Error:", endpoint.Log.Text);
    }
}
