using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class PipeliningTests
{
    [Fact]
    public async Task Pipeline_OfManyCommands_IsAnsweredInOrder()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        const int count = 20_000;
        Task sending = client.SendAsync(string.Concat(Enumerable.Range(0, count).Select(static i => $"*2\r\n$4\r\nECHO\r\n$6\r\n{i:000000}\r\n")));
        string expected = string.Concat(Enumerable.Range(0, count).Select(static i => $"$6\r\n{i:000000}\r\n"));
        Assert.Equal(expected, await client.ReadAsync(expected.Length));
        await sending;
    }

    [Fact]
    public async Task Pipeline_WithACommandThatWaits_AnswersWhatFollowsAfterIt()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        using RespTestClient other = await endpoint.ConnectAsync();
        await client.SendAsync("HOLD\r\nPING\r\n");
        await endpoint.Commands.Holding;
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));
        endpoint.Commands.Release();
        Assert.Equal("$4\r\nheld\r\n+PONG\r\n", await client.ReadAsync("$4\r\nheld\r\n+PONG\r\n".Length));
    }

    [Fact]
    public async Task Pipeline_OfRepliesOfEveryKind_KeepsTheirOrderAroundOneThatWaits()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        const string expected = "+PONG\r\n*2\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n$4\r\nheld\r\n-ERR syntax error\r\n*0\r\n$1\r\na\r\n";

        await client.SendAsync("PING\r\nCONFIG GET maxmemory\r\nHOLD\r\nAUTH a b c\r\nCONFIG GET nothing\r\nECHO a\r\n");
        await endpoint.Commands.Holding;
        endpoint.Commands.Release();

        Assert.Equal(expected, await client.ReadAsync(expected.Length));
    }

    [Fact]
    public async Task Pipeline_WithQuit_IsNotReadFurther()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        await client.SendAsync("PING\r\nQUIT\r\nPING\r\n");
        Assert.Equal("+PONG\r\n+OK\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Pipeline_OfAHalfClosedClient_IsAnswered()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        await client.SendAsync("PING\r\nECHO a\r\n");
        client.FinishSending();
        Assert.Equal("+PONG\r\n$1\r\na\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Command_ThatFails_HasAnErrorForAReplyAndNoSecretInTheLog()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal("-ERR internal error\r\n", await client.AskAsync($"FAIL {ScriptedCommands.Secret}"));
        Assert.Equal("-ERR Redis is away. Try again.\r\n", await client.AskAsync("AWAY"));
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        Assert.Contains("Error: The command fail failed: System.InvalidOperationException", endpoint.Log.Text);
        Assert.Contains("System.ArgumentException", endpoint.Log.Text);
        Assert.DoesNotContain(ScriptedCommands.Secret, endpoint.Log.Text);
    }

    [Fact]
    public async Task LargeCommand_InManyPieces_IsAnswered()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        byte[] value = new byte[3_000_000];
        new Random(1).NextBytes(value);
        Task sending = client.SendAsync(Frames.Encode("ECHO"u8.ToArray(), value));
        Assert.Equal($"$3000000\r\n{Frames.Text(value)}\r\n", await client.ReadReplyAsync());
        await sending;
    }
}
