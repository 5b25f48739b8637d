using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Store;

/// <summary>The stock <c>app.UseSession()</c> over the cluster.</summary>
public sealed class StockMiddlewareTests(SessionCluster cluster)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_WithAddSessionBeforeOrAfter_IsStoredInTheCluster(bool addedBefore)
    {
        await using TestApp app = await StartAsync(addedBefore);
        using Browser browser = NewBrowser(app);

        await browser.PostAsync("/set/a/1");

        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
        Assert.Equal("1", await browser.GetTextAsync("/get-async/a"));
        Assert.Equal("(none)", await browser.GetTextAsync("/get/b"));
        Assert.Equal("(none)", await browser.GetTextAsync("/get-async/b"));
        Assert.Contains(nameof(ISessionGrain.CommitAsync), app.Grains.Methods);
    }

    [Fact]
    public async Task Request_WithoutCookie_CallsNoGrain()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        await browser.GetTextAsync("/get/a");
        await browser.GetTextAsync("/get-async/a");
        await browser.GetTextAsync("/nothing");

        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Session_ClearedAndRemoved_IsAsTheStockOneIs()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");
        await browser.PostAsync("/set/b/2");

        await browser.PostAsync("/remove/a");
        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));
        Assert.Equal("2", await browser.GetTextAsync("/get/b"));

        await browser.PostAsync("/clear");
        Assert.Equal("(none)", await browser.GetTextAsync("/get/b"));
    }

    [Fact]
    public async Task Cookie_OfAnotherSession_IsUnknown()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        browser.Token = "not-protected-by-this-application";

        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));
        await browser.PostAsync("/set/a/1");

        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task IdleTimeout_IsTheStockOptions()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        await browser.PostAsync("/set/a/1");

        Assert.Equal(TimeSpan.FromMinutes(7), Assert.Single(app.Grains.Commits).NewSession.IdleTimeout);
    }

    /// <summary>The stock store refreshes a session even if a request does not use it, so a browsing user stays signed in.</summary>
    [Fact]
    public async Task Request_ThatDoesNotUseTheSession_KeepsItAlive()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");
        app.Grains.ForgetCalls();

        await browser.GetTextAsync("/nothing");

        Assert.Single(app.Grains.Methods, method => method is nameof(ISessionGrain.RefreshAsync) or nameof(ISessionGrain.LoadAsync));
    }

    [Fact]
    public async Task Session_AfterDestroy_StartsOverUnderTheSameCookie()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");

        await browser.PostAsync("/destroy");
        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));
        await browser.PostAsync("/set/b/2");

        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));
        Assert.Equal("2", await browser.GetTextAsync("/get/b"));
    }

    [Fact]
    public async Task Rotate_IsRefusedBecauseTheStockMiddlewareOwnsTheCookie()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => browser.PostAsync("/rotate"));

        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task Increment_Works()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        await browser.PostAsync("/add/n");
        using HttpResponseMessage response = await browser.PostAsync("/add/n");

        Assert.Equal("2", await response.TextAsync());
    }

    /// <summary>The stock middleware commits while the response is being sent, so only the log can report a failure.</summary>
    [Fact]
    public async Task Entry_TooLargeToBeStored_IsAnErrorInTheLogThatNamesLimitSizeAndOption()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);

        using HttpResponseMessage response = await browser.PostAsync("/set-large");

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(app.Logs.Records, record => record.Level == LogLevel.Error
            && record.Category.StartsWith("OrleansSessions", StringComparison.Ordinal)
            && record.Text.Contains("2097157", StringComparison.Ordinal)
            && record.Text.Contains("the limit is 1048576 (SessionCluster:Limits:MaxBytes)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnavailableSession_IsRequestedOnce()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = NewBrowser(app);
        await browser.PostAsync("/set/a/1");
        app.Grains.ForgetCalls();
        app.Grains.Fail(nameof(ISessionGrain.LoadAsync), new SessionUnavailableException("Redis did not answer."), times: 10);

        Assert.Equal("unavailable, and still", await browser.GetTextAsync("/available"));

        Assert.Single(app.Grains.Methods, nameof(ISessionGrain.LoadAsync));
    }

    [Fact]
    public async Task SessionKey_ThatIsNoToken_IsRefusedByTheStore()
    {
        await using TestApp app = await StartAsync();
        var store = app.Services.GetRequiredService<ISessionStore>();

        Assert.Throws<ArgumentException>(() => store.Create("short", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), () => true, isNewSessionKey: true));
    }

    [Fact]
    public async Task Session_OfTheStockStore_IsRefusedByTheTypedApiWithAHint()
    {
        await using TestApp app = await TestApp.StartAsync(
            cluster.Grains,
            app =>
            {
                app.UseSession();
                app.Run(context =>
                {
                    context.GetOrleansSession();
                    return Task.CompletedTask;
                });
            },
            builder =>
            {
                builder.Services.AddDistributedMemoryCache().AddSession();
                builder.Services.AddTransient<ISessionStore, DistributedSessionStore>();
            });
        using Browser browser = app.NewBrowser();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => browser.GetAsync("/"));

        Assert.Contains("AddOrleansSessions", exception.Message, StringComparison.Ordinal);
    }

    private static Browser NewBrowser(TestApp app)
    {
        Browser browser = app.NewBrowser();
        browser.CookieName = SessionDefaults.CookieName;
        return browser;
    }

    private Task<TestApp> StartAsync(bool addedBefore = false) => TestApp.StartAsync(
        cluster.Grains,
        app =>
        {
            app.UseRouting();
            app.UseSession();
            app.MapSessionEndpoints();
            app.MapGet("/get-async/{key}", async (HttpContext context, string key) =>
            {
                await context.Session.LoadAsync(context.RequestAborted);
                return context.Session.GetString(key) ?? "(none)";
            });
            app.MapPost("/set-large", (HttpContext context) => context.Session.Set("large", new byte[2 * 1024 * 1024]));
            app.MapGet("/available", (HttpContext context) =>
                $"{(context.Session.IsAvailable ? "available" : "unavailable")}, and {(context.Session.IsAvailable ? "not" : "still")}");
        },
        builder =>
        {
            // The test application has already called AddOrleansSessions.
            builder.Services.AddSession(static options => options.IdleTimeout = TimeSpan.FromMinutes(7));
            if (addedBefore)
            {
                builder.Services.AddOrleansSessions();
            }
        });
}
