using System.Net.WebSockets;
using System.Text;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Shop;

/// <summary>The SignalR connection of an open page, through the load balancer.</summary>
public sealed class LiveCartTests
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";
    private const string AskForCount = "{\"type\":4,\"invocationId\":\"1\",\"target\":\"Count\",\"arguments\":[]}\u001e";

    [Fact]
    public async Task Connection_OfThisShopOnly_FollowsTheCartAndEndsWithTheCluster()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Silos = 1, Frontends = 2 });
        using var browser = new Browser(cluster.Url);
        await browser.PutAsync("note", "a session");
        using ClientWebSocket foreign = await ConnectAsync(cluster.Url, browser, "http://elsewhere.example");
        using ClientWebSocket own = await ConnectAsync(cluster.Url, browser, cluster.Url.GetLeftPart(UriPartial.Authority));

        await SendAsync(own, Handshake + AskForCount);

        await UntilAsync(own, "\"item\":0");
        await AssertRefusedAsync(foreign);
        Assert.Equal(0, await cluster.StopAsync());
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri shop, Browser browser, string origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", browser.CookieHeader);
        socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new UriBuilder(shop) { Scheme = Uri.UriSchemeWs, Path = "/live-cart" }.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(ClientWebSocket socket, string expected)
    {
        var received = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (!received.ToString().Contains(expected, StringComparison.Ordinal))
        {
            WebSocketReceiveResult message = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(WebSocketMessageType.Text, message.MessageType);
            received.Append(Encoding.UTF8.GetString(buffer, 0, message.Count));
        }
    }

    /// <summary>Asserts that the connection ends, without an answer. How it ends depends on how far the shop got: closed, or broken off.</summary>
    private static async Task AssertRefusedAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[1024];
        var received = new StringBuilder();
        try
        {
            await SendAsync(socket, Handshake + AskForCount);
            WebSocketReceiveResult message;
            do
            {
                message = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
                received.Append(Encoding.UTF8.GetString(buffer, 0, message.Count));
            }
            while (message.MessageType != WebSocketMessageType.Close);
        }
        catch (WebSocketException)
        {
            Assert.NotEqual(WebSocketState.Open, socket.State);
        }

        Assert.DoesNotContain("\"item\"", received.ToString(), StringComparison.Ordinal);
    }
}
