using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Events just before the headers are sent, and after.</summary>
public sealed class ResponseStartTests(SessionCluster cluster) : IDisposable
{
    /// <summary>Released to let a waiting handler continue.</summary>
    private readonly SemaphoreSlim _held = new(0);

    [Theory]
    [InlineData("/body")]
    [InlineData("/no-body")]
    public async Task Change_InAnOnStartingCallbackOfANewSession_IsStoredAndTheCookieSet(string path)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        using HttpResponseMessage response = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.TextAsync();
        Assert.Single(response.SetCookies());
        Assert.Equal("set while starting", await browser.GetTextAsync("/get/late"));
    }

    [Theory]
    [InlineData("/body")]
    [InlineData("/no-body")]
    public async Task Change_InAnOnStartingCallback_IsStoredBeforeTheHeadersLeave(string path)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");

        // The response headers have arrived; the body and the end of the request have not.
        using HttpResponseMessage response = await browser.GetAsync(path + "?held");
        string seen = await browser.GetTextAsync("/get/late");
        _held.Release();
        await response.TextAsync();

        Assert.Equal("set while starting", seen);
    }

    [Theory]
    [InlineData("/body")]
    [InlineData("/no-body")]
    public async Task FailedCommit_OfAChangeInAnOnStartingCallback_IsNotAnsweredWithSuccess(string path)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await browser.GetAsync(path);

        Assert.True((int)response.StatusCode >= 500, $"Answered {response.StatusCode}.");
    }

    [Fact]
    public async Task WebSocketHandshake_AfterASessionWasStarted_SetsTheCookie()
    {
        await using TestApp app = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/socket" }.Uri, TestContext.Current.CancellationToken);

        using Browser browser = NewBrowser(app);
        Assert.True(socket.HttpResponseHeaders!.TryGetValue(HeaderNames.SetCookie, out IEnumerable<string>? cookies), "No cookie was set.");
        browser.Token = SetCookieHeaderValue.Parse(cookies.Single()).Value.Value;
        Assert.Equal("before accepting", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task WebSocketHandshake_AfterAChange_IsAnsweredOnceTheChangeIsStored()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(HeaderNames.Cookie, $"session={browser.Token}");

        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/socket" }.Uri, TestContext.Current.CancellationToken);

        Assert.Equal("before accepting", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task WebSocketHandshake_AfterACallbackWasRegistered_HasWhatTheCallbackSets()
    {
        await using TestApp app = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/socket" }.Uri, TestContext.Current.CancellationToken);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);

        Assert.True(socket.HttpResponseHeaders!.ContainsKey("X-Callback"), "The callback did not run in time.");
        await app.StopAsync();
        Assert.DoesNotContain(app.Logs.Records, record => record.Level >= LogLevel.Error);
    }

    /// <summary>CORS, for example, sets its headers in a callback, so that error pages have them too.</summary>
    [Fact]
    public async Task Callback_RegisteredBeforeTheApplicationFailed_RunsForTheErrorPage()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        using HttpResponseMessage response = await browser.GetAsync("/fail");

        Assert.Equal("the error page", await response.TextAsync());
        Assert.True(response.Headers.Contains("X-Callback"));
    }

    [Fact]
    public async Task ErrorPage_BehindTheSessionsAgain_SharesTheSessionThatTheFailedRequestStarted()
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(cluster.Grains, app =>
        {
            app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error" });
            TestPipeline.Sessions(app);
            app.MapGet("/fail", async (HttpContext context) =>
            {
                await context.GetOrleansSession().IncrementAsync("failures", cancellationToken: context.RequestAborted);
                throw new InvalidOperationException("The application failed.");
            });
            app.Map("/error", (HttpContext context) => context.Session.SetString("shown", "the error page"));
        });
        using Browser browser = NewBrowser(app);

        using HttpResponseMessage response = await browser.GetAsync("/fail");

        Assert.Single(response.SetCookies());
        Assert.Equal("1", await browser.GetTextAsync("/get/failures"));
        Assert.Equal("the error page", await browser.GetTextAsync("/get/shown"));
    }

    [Fact]
    public async Task ServerSentEvents_ReachTheClientBeforeTheHandlerEnds()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        var request = new HttpRequestMessage(HttpMethod.Get, "/events");

        using HttpResponseMessage response = await browser.SendAsync(request);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("data: first", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        string storedByThen = await browser.GetTextAsync("/get/a");
        _held.Release();

        Assert.Equal("before the first event", storedByThen);
        Assert.Equal("\ndata: second\n\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_AfterTheResponseStarted_IsStoredByTheEndOfTheRequest()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.GetAsync("/after-start");

        Assert.Equal("the body", await response.TextAsync());
        Assert.Equal("after the start", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task NewSession_AfterTheResponseStarted_IsRefusedWhereItIsStarted()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        using HttpResponseMessage response = await browser.GetAsync("/after-start");

        Assert.Equal("the body and InvalidOperationException", await response.TextAsync());
        Assert.Empty(response.SetCookies());
    }

    public void Dispose() => _held.Dispose();

    private static Browser NewBrowser(TestApp app)
    {
        Browser browser = app.NewBrowser();
        browser.CookieName = "session";
        return browser;
    }

    private Task<TestApp> StartAsync() => TestApp.StartOnKestrelAsync(cluster.Grains, app =>
    {
        app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("the error page")));
        app.UseWebSockets();
        app.UseRouting();
        app.UseOrleansSessions();
        app.MapSessionEndpoints();
        app.MapGet("/body", async (HttpContext context) =>
        {
            SetWhenStarting(context);
            await context.Response.WriteAsync("the body");
            await WaitIfAskedAsync(context);
        });
        app.MapGet("/no-body", async (HttpContext context) =>
        {
            SetWhenStarting(context);
            await context.Response.BodyWriter.FlushAsync();
            await WaitIfAskedAsync(context);
        });
        app.MapGet("/socket", async (HttpContext context) =>
        {
            SetHeaderWhenStarting(context);
            context.Session.SetString("a", "before accepting");
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[1], context.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
        });
        app.MapGet("/fail", (HttpContext context) =>
        {
            SetHeaderWhenStarting(context);
            throw new InvalidOperationException("The application failed.");
        });
        app.MapGet("/events", async (HttpContext context) =>
        {
            context.Session.SetString("a", "before the first event");
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: first\n\n");
            await _held.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: second\n\n");
        });
        app.MapGet("/after-start", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("the body");
            try
            {
                context.Session.SetString("a", "after the start");
            }
            catch (InvalidOperationException exception)
            {
                await context.Response.WriteAsync($" and {exception.GetType().Name}");
            }
        });
    });

    /// <summary>Like MVC, which saves TempData when a result starts the response itself.</summary>
    private static void SetWhenStarting(HttpContext context) => context.Response.OnStarting(() =>
    {
        context.Session.SetString("late", "set while starting");
        return Task.CompletedTask;
    });

    private static void SetHeaderWhenStarting(HttpContext context) => context.Response.OnStarting(() =>
    {
        context.Response.Headers["X-Callback"] = "ran";
        return Task.CompletedTask;
    });

    private Task WaitIfAskedAsync(HttpContext context) =>
        context.Request.Query.ContainsKey("held") ? _held.WaitAsync(context.RequestAborted) : Task.CompletedTask;
}
