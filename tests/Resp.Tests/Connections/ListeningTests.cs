using System.Net;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class ListeningTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("*")]
    public async Task Address_IsWhereTheEndpointIsReached(string address)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(options =>
        {
            options.Address = address;
            options.AllowAnonymous = true;
        });
        var reached = new IPEndPoint(IPAddress.Parse(address == "*" ? "127.0.0.1" : address), endpoint.Address.Port);
        using RespTestClient client = await RespTestClient.ConnectAsync(reached);
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        Assert.Contains($"listens on {endpoint.Address}, without TLS", endpoint.Log.Text);
    }

    [Fact]
    public async Task Port_ThatIsTaken_StopsTheStart()
    {
        await using RespEndpoint first = await RespEndpoint.StartAsync();
        var failure = await Assert.ThrowsAsync<IOException>(() => RespEndpoint.StartAsync(options => options.Port = first.Address.Port));
        Assert.Contains($":{first.Address.Port}", failure.Message);
    }
}
