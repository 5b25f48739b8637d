namespace OrleansSessions.Resp.Tests.Connections;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task OneConnectionTooMany_GetsAnErrorAndIsClosed_UntilAnotherEnds()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxConnections = 2);
        using RespTestClient first = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await first.AskAsync("PING"));
        using (RespTestClient second = await endpoint.ConnectAsync())
        {
            Assert.Equal("+PONG\r\n", await second.AskAsync("PING"));
            using RespTestClient third = await endpoint.ConnectAsync();
            Assert.Equal("-ERR max number of clients reached\r\n", await third.ReadToEndAsync());
        }

        using RespTestClient fourth = await endpoint.ConnectWhenAcceptedAsync();
        Assert.Equal("+PONG\r\n", await first.AskAsync("PING"));
    }
}
