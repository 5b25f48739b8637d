using System.Net.Sockets;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class DrainTests
{
    [Fact]
    public async Task Stop_FinishesCommandsUnderWayAndClosesTheRest()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient busy = await endpoint.ConnectAsync();
        using RespTestClient idle = await endpoint.ConnectAsync();
        Assert.Equal("+PONG\r\n", await idle.AskAsync("PING"));
        await busy.SendAsync("HOLD\r\nPING\r\n");
        await endpoint.Commands.Holding;
        var address = endpoint.Address;

        Task stopping = endpoint.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await idle.ReadToEndAsync());
        await Assert.ThrowsAnyAsync<SocketException>(() => RespTestClient.ConnectAsync(address));
        Assert.False(stopping.IsCompleted);

        endpoint.Commands.Release();
        Assert.Equal("$4\r\nheld\r\n+PONG\r\n", await busy.ReadToEndAsync());
        await stopping;
    }

    [Fact]
    public async Task Stop_DoesNotWaitForeverForACommand()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient busy = await endpoint.ConnectAsync();
        await busy.SendAsync("HOLD\r\n");
        await endpoint.Commands.Holding;
        Task stopping = endpoint.Server.StopAsync(TestContext.Current.CancellationToken);
        await endpoint.PassTimeUntilAsync("it has stopped", () => stopping.IsCompleted);
        Assert.Equal("", await busy.ReadToEndAsync());
    }

    [Fact]
    public async Task ClientThatIsGone_IsNotWorkedForAnyMore()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using (RespTestClient client = await endpoint.ConnectAsync())
        {
            await client.SendAsync("HOLD\r\n");
            await endpoint.Commands.Holding;
        }

        await endpoint.PassTimeUntilAsync("its command has ended", () => endpoint.Open == 0);
    }

    [Fact]
    public async Task NoPort_NothingIsOpened()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Port = null);
        Assert.Null(endpoint.Server.EndPoint);
    }
}
