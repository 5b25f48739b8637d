using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class AuthenticationTests
{
    private const string WrongPass = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    private const string NoAuth = "-NOAUTH Authentication required.\r\n";

    [Fact]
    public async Task Password_IsRequiredForEverythingButTheWayIn()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Password = "open sesame");
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(NoAuth, await client.AskAsync("PING"));
        Assert.Equal(NoAuth, await client.AskAsync("BIG"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH sesame"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH default sesame"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH other 'open sesame'"));
        Assert.Equal("-ERR wrong number of arguments for 'auth' command\r\n", await client.AskAsync("AUTH"));
        Assert.Equal("-ERR syntax error\r\n", await client.AskAsync("AUTH a b c"));
        Assert.StartsWith("-NOAUTH HELLO must be called", await client.AskAsync("HELLO 3"));
        Assert.Equal("+OK\r\n", await client.AskAsync("AUTH 'open sesame'"));
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH wrong"));
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        Assert.Equal("+RESET\r\n", await client.AskAsync("RESET"));
        Assert.Equal(NoAuth, await client.AskAsync("PING"));
        Assert.DoesNotContain("sesame", endpoint.Log.Text);
    }

    [Fact]
    public async Task User_IsWelcomeWithThePasswordOfItsOwn()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Users.Add("php", "secret"));
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(WrongPass, await client.AskAsync("AUTH secret"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH php wrong"));
        Assert.Equal(WrongPass, await client.AskAsync("HELLO 3 AUTH php wrong"));
        Assert.Equal("%7\r\n", await client.AskAsync("HELLO 3 AUTH php secret SETNAME me"));
    }

    [Fact]
    public async Task NoPassword_IsTakenForAMistakeOfTheClient()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(
            "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n",
            await client.AskAsync("AUTH anything"));
        Assert.Equal("+OK\r\n", await client.AskAsync("AUTH default anything"));
        Assert.Equal(WrongPass, await client.AskAsync("AUTH other anything"));
    }

    [Fact]
    public async Task Stranger_MayNotSendMuch()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Password = "open");
        using RespTestClient strings = await endpoint.ConnectAsync();
        await strings.SendAsync("*11\r\n");
        Assert.Equal("-ERR Protocol error: unauthenticated multibulk length\r\n", await strings.ReadToEndAsync());
        using RespTestClient bytes = await endpoint.ConnectAsync();
        await bytes.SendAsync("*2\r\n$4\r\nAUTH\r\n$16385\r\n");
        Assert.Equal("-ERR Protocol error: unauthenticated bulk length\r\n", await bytes.ReadToEndAsync());

        using RespTestClient known = await endpoint.ConnectAsync();
        Assert.Equal("+OK\r\n", await known.AskAsync("AUTH open"));
        await known.SendAsync(Frames.Encode("ECHO"u8.ToArray(), new byte[20_000]));
        Assert.StartsWith("$20000\r\n", await known.ReadReplyAsync());
    }

    [Fact]
    public async Task Stranger_MayNotStaySilentForever()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Password = "open");
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(NoAuth, await client.AskAsync("PING"));
        Task<string> end = client.ReadToEndAsync();
        await endpoint.PassTimeUntilAsync("it is disconnected", () => end.IsCompleted);
    }
}
