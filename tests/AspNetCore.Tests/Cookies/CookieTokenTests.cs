using System.Net;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Cookies;

/// <summary>Tokens that browsers send: unknown, oversized, replaced, or in the URL.</summary>
public sealed class CookieTokenTests(SessionCluster cluster)
{
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
}
