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
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("an-unknown-token-of-an-attacker")]
    [InlineData("short")]
    [InlineData("not a token: %00 <script>")]
    [InlineData("")]
    public async Task Token_Unknown_IsNeverAdopted(string forged)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser attacker = app.NewBrowser();
        attacker.Token = forged;
        using Browser victim = attacker.Clone();

        using HttpResponseMessage response = await victim.PostAsync("/set/secret/mine");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(forged, Assert.Single(response.SetCookies()).Value);
        Assert.Equal("mine", await victim.GetTextAsync("/get/secret"));
        Assert.Equal("(none)", await attacker.GetTextAsync("/get/secret"));
    }

    [Fact]
    public async Task Token_OfAMegabyte_IsIgnoredWithoutAGrainCall()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        browser.Token = new string('A', 1024 * 1024);

        Assert.Equal("(none)", await browser.GetTextAsync("/get/a"));

        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Token_UnknownAndNothingStored_GetsNoCookie()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        browser.Token = "an-unknown-token-of-an-attacker";

        using HttpResponseMessage response = await browser.GetAsync("/get/a");

        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task Destroy_DeletesTheCookieWithTheAttributesItWasSetWith()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.PostAsync("/destroy");

        SetCookieHeaderValue cookie = Assert.Single(response.SetCookies());
        Assert.Equal("__Host-session", cookie.Name.Value);
        Assert.Equal("", cookie.Value.Value);
        Assert.True(cookie.Expires < DateTimeOffset.UtcNow);
        Assert.True(cookie.Secure);
        Assert.True(cookie.HttpOnly);
        Assert.Equal("/", cookie.Path.Value);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(browser.Token);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("cache, storage", "\"cache\", \"storage\"")]
    [InlineData("*", "\"*\"")]
    public async Task Destroy_WithClearSiteData_TellsTheBrowserWhatToDeleteAndOtherResponsesDoNot(string? types, string? expected)
    {
        await using TestApp app = await TestApp.StartAsync(
            cluster.Grains,
            TestPipeline.Sessions,
            builder => builder.Services.Configure<OrleansSessionOptions>(options => options.ClearSiteData = types));
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage set = await browser.PostAsync("/set/a/1");
        using HttpResponseMessage destroyed = await browser.PostAsync("/destroy");

        Assert.False(set.Headers.Contains("Clear-Site-Data"));
        Assert.Equal(expected, destroyed.Headers.TryGetValues("Clear-Site-Data", out IEnumerable<string>? values) ? Assert.Single(values) : null);
    }

    [Fact]
    public async Task Token_InTheUrl_IsIgnoredAndNeverPutThere()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        using HttpResponseMessage created = await browser.PostAsync("/set/a/1");
        string token = browser.Token!;
        app.Grains.ForgetCalls();
        using Browser other = app.NewBrowser();

        Assert.Equal("(none)", await other.GetTextAsync($"/get/a?session={token}&__Host-session={token}&PHPSESSID={token}"));

        Assert.Empty(app.Grains.Calls);
        Assert.DoesNotContain(token, await created.TextAsync(), StringComparison.Ordinal);
        Assert.Null(created.Headers.Location);
    }

    [Fact]
    public async Task Destroy_WithACookieThatHasAMaxAge_DeletesIt()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions, builder =>
            builder.Services.Configure<OrleansSessionOptions>(options => options.Cookie.MaxAge = TimeSpan.FromDays(30)));
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.PostAsync("/destroy");

        // If both are present, browsers prefer Max-Age to Expires (RFC 6265, section 5.3).
        Assert.False(Assert.Single(response.SetCookies()).MaxAge > TimeSpan.Zero);
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
    public async Task OldToken_AfterRotation_CantOverwriteTheNewCookie()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");
        using Browser late = browser.Clone();
        await browser.PostAsync("/rotate");

        using HttpResponseMessage response = await late.PostAsync("/set/a/2");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.NotEqual(late.Token, browser.Token);
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
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

    [Fact]
    public async Task Destroy_ThenARefusedCommit_StillDeletesTheCookie()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            TestPipeline.Sessions(app);
            app.MapPost("/sign-out", async (HttpContext context) =>
            {
                IOrleansSession session = context.GetOrleansSession();
                await session.DestroyAsync();
                session.Set("too large", new byte[2 * 1024 * 1024]);
                await Assert.ThrowsAsync<SessionLimitException>(() => session.CommitAsync(context.RequestAborted));
            });
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(browser.Token);
    }
}
