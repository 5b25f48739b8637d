using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Cookies;

/// <summary>Requests with several cookies that could be ours: of other paths and domains, of other applications, of attackers.</summary>
public sealed class ManyCookiesTests(SessionCluster cluster)
{
    private const string Name = "session";

    [Theory]
    [InlineData("SESSION=unknown-unknown-unknown; session={0}")]
    [InlineData("session={0}; SESSION=unknown-unknown-unknown")]
    [InlineData("session={0};Session=unknown-unknown-unknown;a=b")]
    [InlineData("sessions=unknown-unknown-unknown; session2=b;   session={0}")]
    [InlineData("session; session=; =session; session={0}")]
    public async Task Cookie_OfASimilarName_DoesNotHideOurs(string header)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string token = await NewSessionAsync(app, "1");

        Assert.Equal("1", await GetAsync(browser, string.Format(null, header, token)));
    }

    [Theory]
    [InlineData("session={0}; session={1}", "first")]
    [InlineData("session={1}; session={0}", "second")]
    [InlineData("session=unknown-unknown-unknown; session={1}; session={0}", "second")]
    [InlineData("session=no token; session=short; session=%00; session={0}", "first")]
    public async Task Session_OfSeveralCookies_IsTheFirstThatLives(string header, string expected)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string first = await NewSessionAsync(app, "first");
        string second = await NewSessionAsync(app, "second");

        Assert.Equal(expected, await GetAsync(browser, string.Format(null, header, first, second)));
    }

    [Fact]
    public async Task Cookie_OfARotatedSessionBeforeTheNewOne_DoesNotHideIt()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        browser.CookieName = Name;
        await browser.PostAsync("/set/a/1");
        string old = browser.Token!;
        await browser.PostAsync("/rotate");
        string header = $"session={old}; session={browser.Token}";
        browser.Token = null;

        Assert.Equal("1", await GetAsync(browser, header));
        using HttpResponseMessage changed = await SendAsync(browser, HttpMethod.Post, "/set/a/2", header);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("2", await GetAsync(browser, header));
    }

    [Fact]
    public async Task Cookies_BeyondFour_CostNothing()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string token = await NewSessionAsync(app, "1");
        app.Grains.ForgetCalls();
        string header = string.Join("; ", Enumerable.Range(0, 50).Select(static _ => $"session={SessionToken.Create().Value}").Append($"session={token}"));

        Assert.Equal("(none)", await GetAsync(browser, header));

        Assert.Equal(4, app.Grains.Calls.Count);
    }

    [Fact]
    public async Task Cookie_SentTwice_IsLookedUpOnce()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string unknown = SessionToken.Create().Value;

        await GetAsync(browser, $"session={unknown}; session={unknown}");

        Assert.Single(app.Grains.Calls);
    }

    [Fact]
    public async Task Changes_OfTheSecondCookiesSession_AreStoredThere()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string token = await NewSessionAsync(app, "1");
        string header = $"session={SessionToken.Create().Value}; session={token}";

        using HttpResponseMessage changed = await SendAsync(browser, HttpMethod.Post, "/set/a/2", header);

        Assert.Empty(changed.SetCookies());
        Assert.Equal("2", await GetAsync(browser, $"session={token}"));
    }

    [Fact]
    public async Task Tokens_OfAMegabyteOfCookies_AreFoundInOnePass()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        string token = await NewSessionAsync(app, "1");
        string header = string.Concat(Enumerable.Repeat("session=;", 100_000)) + $"session={new string('%', 100_000)};session={token}";

        Assert.Equal("1", await GetAsync(browser, header));
    }

    private static async Task<string> NewSessionAsync(TestApp app, string value)
    {
        using Browser browser = app.NewBrowser();
        browser.CookieName = Name;
        await browser.PostAsync($"/set/a/{value}");
        return browser.Token!;
    }

    private static async Task<string> GetAsync(Browser browser, string cookies)
    {
        using HttpResponseMessage response = await SendAsync(browser, HttpMethod.Get, "/get/a", cookies);
        return await response.TextAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(Browser browser, HttpMethod method, string path, string cookies)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Cookie", cookies);
        return browser.SendAsync(request);
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(
        cluster.Grains,
        TestPipeline.Sessions,
        static builder => builder.Services.Configure<OrleansSessionOptions>(static options => options.Cookie.Name = Name));
}
