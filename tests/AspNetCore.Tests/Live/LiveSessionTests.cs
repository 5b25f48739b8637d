using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Client;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Live;

/// <summary>Connections that end with their session, on two frontends with two silos.</summary>
public sealed class LiveSessionTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly LiveFrontend _one = cluster.One;
    private readonly LiveFrontend _two = cluster.Two;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task SignalRConnection_SessionEndedOnAnotherFrontend_Closes(HttpTransportType transport)
    {
        using Browser browser = await SignInAsync("ada");
        await using HubConnection hub = NewHub(browser, transport);
        var closed = new TaskCompletionSource();
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(Stop);
        Assert.Equal("hello", await hub.InvokeAsync<string>("Echo", "hello", Stop));

        using Browser other = At(_two, browser);
        using HttpResponseMessage ended = await other.PostAsync("/end-all/ada");
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);

        await closed.Task.WaitAsync(Stop);
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(Stop));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task WebSocket_SessionSignedInElsewhere_ClosesAndItsLateChangesAreDropped()
    {
        using Browser browser = await StartSessionAsync();
        using ClientWebSocket socket = await ConnectAsync(browser, "/socket");
        Assert.Equal(3, (await EchoAsync(socket)).Count);

        using Browser other = At(_two, browser);
        using HttpResponseMessage signedIn = await other.PostAsync("/sign-in/grace");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[8], Stop));
        while (!_one.Logs.Records.Any(static record => record.Text.Contains("the changes are dropped", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Stop);
        }

        Assert.Equal("(none)", await other.GetTextAsync("/get/late"));
    }

    [Theory]
    [InlineData("/rotate", false)]
    [InlineData("/elevate", true)]
    public async Task WebSocket_SessionRotated_ClosesOnlyIfItGotMoreRights(string path, bool closes)
    {
        using Browser browser = await StartSessionAsync();
        using ClientWebSocket socket = await ConnectAsync(browser, "/socket");
        using Browser other = At(_two, browser);

        using HttpResponseMessage rotated = await other.PostAsync(path);
        if (!closes)
        {
            Assert.Equal(3, (await EchoAsync(socket)).Count);
            using HttpResponseMessage ended = await other.PostAsync("/destroy");
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[8], Stop));
    }

    [Fact]
    public async Task WebSocket_WithoutKeepAlive_ClosesWhenItsSessionIsIdle()
    {
        using Browser browser = await StartSessionAsync();
        using ClientWebSocket socket = await ConnectAsync(browser, "/socket");
        await EchoAsync(socket);

        cluster.Clock.Advance(TimeSpan.FromMinutes(21));

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[8], Stop));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(browser, "/socket"));
    }

    [Theory]
    [InlineData("/socket", false)]
    [InlineData("/kept-socket", true)]
    public async Task Connection_ExtendsItsSession_OnlyIfAskedTo(string path, bool extends)
    {
        using Browser browser = await StartSessionAsync();
        var key = new SessionKey(await browser.GetTextAsync("/key"));
        SessionClient client = _two.Services.GetRequiredService<SessionClient>();
        DateTimeOffset before = (await client.DescribeAsync(key, Stop))!.LastUsedAt;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        using ClientWebSocket socket = await ConnectAsync(browser, path);
        await EchoAsync(socket);

        Assert.Equal(extends, (await client.DescribeAsync(key, Stop))!.LastUsedAt > before);
    }

    [Fact]
    public async Task KeptConnection_WhileOpen_UsesItsSession()
    {
        using Browser browser = await StartSessionAsync();
        using (HttpResponseMessage response = await browser.PostAsync("/idle/4"))
        {
            response.EnsureSuccessStatusCode();
        }

        var key = new SessionKey(await browser.GetTextAsync("/key"));
        using ClientWebSocket socket = await ConnectAsync(browser, "/kept-socket");
        SessionClient client = _two.Services.GetRequiredService<SessionClient>();
        DateTimeOffset opened = (await client.DescribeAsync(key, Stop))!.LastUsedAt;

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while ((await client.DescribeAsync(key, Stop))!.LastUsedAt == opened)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task Watch_ChangesAndEndElsewhere_TellsTheLatestAndCompletes()
    {
        using Browser browser = await StartSessionAsync();
        using Browser other = At(_two, browser);
        var key = new SessionKey(await browser.GetTextAsync("/key"));
        SessionNews news = _one.Services.GetRequiredService<SessionNews>();
        await using IAsyncEnumerator<SessionDescription> slow = news.WatchAsync(key, cancellationToken: Stop).GetAsyncEnumerator(Stop);
        await using IAsyncEnumerator<SessionDescription> quick = news.WatchAsync(key, cancellationToken: Stop).GetAsyncEnumerator(Stop);
        Assert.True(await slow.MoveNextAsync());
        Assert.True(await quick.MoveNextAsync());
        long first = quick.Current.Version;

        using HttpResponseMessage changed = await other.PostAsync("/set/b/2");
        Assert.True(await quick.MoveNextAsync());
        Assert.Equal(first + 1, quick.Current.Version);
        using HttpResponseMessage ended = await other.PostAsync("/destroy");

        Assert.False(await quick.MoveNextAsync());
        Assert.False(await slow.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        using Browser browser = await StartSessionAsync();
        var key = new SessionKey(await browser.GetTextAsync("/key"));
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<SessionDescription> watch =
            _one.Services.GetRequiredService<SessionNews>().WatchAsync(key, cancellationToken: cancellation.Token).GetAsyncEnumerator(Stop);
        Assert.True(await watch.MoveNextAsync());

        ValueTask<bool> next = watch.MoveNextAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
    }

    [Fact]
    public async Task WatchOfARequest_BrowserGone_Ends()
    {
        using Browser browser = await StartSessionAsync();
        HttpResponseMessage watching = await browser.GetAsync("/watch");
        Assert.Equal(HttpStatusCode.OK, watching.StatusCode);

        watching.Dispose();

        await _one.Watched.WaitAsync(Stop);
    }

    /// <summary>An attacker who planted the cookie must not learn what the victim's session becomes.</summary>
    [Theory]
    [InlineData("/sign-in/grace")]
    [InlineData("/elevate")]
    public async Task WatchOfARequest_SessionSignedInByAnother_CompletesWithoutTellingIt(string signIn)
    {
        using Browser victim = await StartSessionAsync();
        using Browser attacker = At(_two, victim);
        using HttpResponseMessage watching = await attacker.GetAsync("/watch");
        using var news = new StreamReader(await watching.Content.ReadAsStreamAsync(Stop));
        Assert.Equal("1", await news.ReadLineAsync(Stop));
        using HttpResponseMessage changed = await victim.PostAsync("/set/b/2");
        Assert.Equal("2", await news.ReadLineAsync(Stop));

        using HttpResponseMessage signedIn = await victim.PostAsync(signIn);

        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        Assert.Null(await news.ReadLineAsync(Stop));
    }

    private static Browser At(LiveFrontend frontend, Browser browser)
    {
        Browser other = frontend.NewBrowser();
        other.Token = browser.Token;
        return other;
    }

    private static string CookieOf(Browser browser) => $"{LiveFrontend.CookieName}={browser.Token}";

    private static async Task<WebSocketReceiveResult> EchoAsync(ClientWebSocket socket)
    {
        await socket.SendAsync("abc"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Stop);
        return await socket.ReceiveAsync(new byte[8], Stop);
    }

    private async Task<Browser> StartSessionAsync()
    {
        Browser browser = _one.NewBrowser();
        using HttpResponseMessage response = await browser.PostAsync("/set/a/1");
        response.EnsureSuccessStatusCode();
        return browser;
    }

    private async Task<Browser> SignInAsync(string user)
    {
        Browser browser = _one.NewBrowser();
        using HttpResponseMessage response = await browser.PostAsync($"/sign-in/{user}");
        response.EnsureSuccessStatusCode();
        return browser;
    }

    private HubConnection NewHub(Browser browser, HttpTransportType transport) => new HubConnectionBuilder()
        .WithUrl(new Uri(_one.Address, "hub"), transport, options => options.Headers["Cookie"] = CookieOf(browser))
        .Build();

    private async Task<ClientWebSocket> ConnectAsync(Browser browser, string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", CookieOf(browser));
        await socket.ConnectAsync(new UriBuilder(new Uri(_one.Address, path)) { Scheme = "ws" }.Uri, Stop);
        return socket;
    }
}
