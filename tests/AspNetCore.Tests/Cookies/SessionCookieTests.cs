using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;
using SameSiteMode = Microsoft.Net.Http.Headers.SameSiteMode;

namespace OrleansSessions.AspNetCore.Tests.Cookies;

/// <summary>When a response sets the session's cookie, under which name and with which attributes.</summary>
public sealed class SessionCookieTests(SessionCluster cluster)
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/get/x")]
    public async Task Request_WithoutCookieStoringNothing_GetsNoCookieAndCallsNoGrain(string path)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage response = await browser.GetAsync(path);

        Assert.Empty(response.SetCookies());
        Assert.Null(response.Headers.CacheControl);
        Assert.Empty(app.Grains.Calls);
    }

    [Theory]
    [InlineData("/remove/x")]
    [InlineData("/clear")]
    [InlineData("/rotate")]
    [InlineData("/destroy")]
    public async Task Request_WithoutCookieChangingNothing_GetsNoCookieAndCallsNoGrain(string path)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage response = await browser.PostAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task FirstEntry_ByDefault_SetsASecureHttpOnlyLaxHostCookieThatNoCacheKeeps()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/set/a/1");

        SetCookieHeaderValue cookie = Assert.Single(response.SetCookies());
        Assert.Equal("__Host-session", cookie.Name.Value);
        Assert.Matches("^[A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}$", cookie.Value.Value!);
        Assert.True(cookie.Secure);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
        Assert.Equal("/", cookie.Path.Value);
        Assert.False(cookie.Domain.HasValue);
        Assert.Null(cookie.Expires);
        Assert.Null(cookie.MaxAge);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task SecondEntry_OfAKnownSession_SetsNoCookie()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.PostAsync("/set/b/2");

        Assert.Empty(response.SetCookies());
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
        Assert.Equal("2", await browser.GetTextAsync("/get/b"));
    }

    [Theory]
    [InlineData(CookieSecurePolicy.Always, null, "/", null, "__Host-session")]
    [InlineData(CookieSecurePolicy.SameAsRequest, null, "/", null, "session")]
    [InlineData(CookieSecurePolicy.None, null, "/", null, "session")]
    [InlineData(CookieSecurePolicy.Always, "example.org", "/", null, "session")]
    [InlineData(CookieSecurePolicy.Always, null, "/shop", null, "session")]
    [InlineData(CookieSecurePolicy.Always, null, "/", "SID", "SID")]
    [InlineData(CookieSecurePolicy.Always, null, "/", "__Host-sid", "__Host-sid")]
    [InlineData(CookieSecurePolicy.None, null, "/", "sid.1", "sid.1")]
    public async Task CookieName_IsTheGivenOneOrTheSafestThatBrowsersAccept(
        CookieSecurePolicy secure, string? domain, string path, string? name, string expected)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions, builder => builder.Services.Configure<OrleansSessionOptions>(options =>
        {
            options.Cookie.SecurePolicy = secure;
            options.Cookie.Domain = domain;
            options.Cookie.Path = path;
            if (name is not null)
            {
                options.Cookie.Name = name;
            }
        }));
        using Browser browser = app.NewBrowser();
        browser.CookieName = expected;

        using HttpResponseMessage response = await browser.PostAsync("/set/a/1");

        SetCookieHeaderValue cookie = Assert.Single(response.SetCookies());
        Assert.Equal(expected, cookie.Name.Value);
        Assert.Equal(path, cookie.Path.Value);
        Assert.Equal(domain, cookie.Domain.Value);
        Assert.Equal(secure != CookieSecurePolicy.None, cookie.Secure);
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    [Theory]
    [InlineData("__Host-session")]
    [InlineData("app$sid")]
    public async Task Response_AfterManyChangesOfTheCookie_SetsItOnceAndLeavesOthersAlone(string name)
    {
        await using TestApp app = await TestApp.StartAsync(
            cluster.Grains,
            app =>
            {
                TestPipeline.Sessions(app);
                app.MapPost("/everything", async (HttpContext context) =>
                {
                    IOrleansSession session = context.GetOrleansSession();
                    context.Response.Cookies.Append("other", "1");
                    session.SetString("a", "1");
                    await session.CommitAsync();
                    await session.RotateAsync();
                    await session.DestroyAsync();
                    session.SetString("b", "2");
                    await session.CommitAsync();
                    await session.RotateAsync();
                    context.Response.Cookies.Append("another", "2");
                });
            },
            builder => builder.Services.Configure<OrleansSessionOptions>(options => options.Cookie.Name = name));
        using Browser browser = app.NewBrowser();
        browser.CookieName = name;

        using HttpResponseMessage response = await browser.PostAsync("/everything");

        Assert.Single(response.SetCookies(), cookie => cookie.Name == name);
        Assert.Equal(3, response.SetCookies().Count);
        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));
        Assert.Equal("2", await browser.GetTextAsync("/get/b"));
    }

    [Fact]
    public async Task Rotation_BeforeARefusedCommit_StillReachesTheBrowser()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            TestPipeline.Sessions(app);
            app.MapPost("/sign-in", async (HttpContext context) =>
            {
                await context.GetOrleansSession().RotateAsync();
                context.Session.Set("too large", new byte[2 * 1024 * 1024]);
            });
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/cart/full");

        using HttpResponseMessage response = await browser.PostAsync("/sign-in");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("full", await browser.GetTextAsync("/get/cart"));
    }

    [Fact]
    public async Task Rotation_BeforeAnErrorPage_StillReachesTheBrowser()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
            TestPipeline.Sessions(app);
            app.MapPost("/sign-in", async (HttpContext context) =>
            {
                await context.GetOrleansSession().RotateAsync();
                throw new InvalidOperationException("The application failed.");
            });
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/cart/full");

        using HttpResponseMessage response = await browser.PostAsync("/sign-in");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("full", await browser.GetTextAsync("/get/cart"));
    }

    [Fact]
    public async Task Caching_AllowedByTheApplicationAfterTheCookieWasSet_IsForbidden()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            TestPipeline.Sessions(app);
            app.MapPost("/cacheable", async (HttpContext context) =>
            {
                await context.GetOrleansSession().IncrementAsync("visits");
                context.Response.Headers.CacheControl = "public,max-age=600";
            });
        });
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/cacheable");

        Assert.Single(response.SetCookies());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.False(response.Headers.CacheControl.Public);
    }
}
