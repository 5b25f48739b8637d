using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Cookies;

/// <summary>How the end of a session deletes its cookie and what else the browser kept.</summary>
public sealed class CookieDeletionTests(SessionCluster cluster)
{
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
