using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>Rotating a session's token, and ending the session.</summary>
public sealed class SessionEndTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_KeepsTheEntriesUnderANewTokenAndId()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();
        string id = await lab.AskAsync(browser, session => session.Id);

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("b", "set before");
            await session.RotateAsync(Cancellation);
            session.SetString("c", "set after");
            Assert.NotEqual(id, session.Id);
        });

        Assert.NotEqual(old.Token, browser.Token);
        await lab.RunAsync(browser, session =>
        {
            Assert.NotEqual(id, session.Id);
            Assert.Equal("1", session.GetString("a"));
            Assert.Equal("set before", session.GetString("b"));
            Assert.Equal("set after", session.GetString("c"));
        });
        await lab.RunAsync(old, session => Assert.Empty(session.Keys));
    }

    [Fact]
    public async Task Rotate_Twice_KeepsTheEntries()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            await session.RotateAsync(Cancellation);
            await session.RotateAsync(Cancellation);
        });
        await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));

        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Rotate_WithATokenThatNamesNothing_LetsTheNewSessionHaveANewOne()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        browser.Token = "a-token-planted-by-an-attacker";

        await lab.RunAsync(browser, async session =>
        {
            await session.RotateAsync(Cancellation);
            session.SetString("user", "ada");
        });

        Assert.NotEqual("a-token-planted-by-an-attacker", browser.Token);
        Assert.Equal("ada", await lab.AskAsync(browser, session => session.GetString("user")));
    }

    [Fact]
    public async Task Rotate_AfterTheResponseStarted_IsRefusedAndChangesNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            await context.Response.WriteAsync("started");
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.GetOrleansSession().RotateAsync(Cancellation));
        });

        Assert.Equal("started", await response.TextAsync());
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Rotate_OfASessionThatWasRotatedMeanwhile_IsAnswered409()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(late, async context =>
        {
            await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));
            await context.GetOrleansSession().RotateAsync(Cancellation);
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Commit_OfARequestThatStartedBeforeARotation_IsAnswered409AndSetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(late, async context =>
        {
            await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));
            context.Session.SetString("a", "late");
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Destroy_EndsTheSessionForEverybody()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("b", "2");
            await session.DestroyAsync(Cancellation);
            Assert.False(session.Exists);
            Assert.Empty(session.Keys);
        });

        Assert.Null(browser.Token);
        await lab.RunAsync(other, session => Assert.False(session.Exists));
    }

    [Fact]
    public async Task Set_AfterDestroy_StartsANewSessionUnderANewToken()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();

        await lab.RunAsync(browser, async session =>
        {
            string id = session.Id;
            await session.DestroyAsync(Cancellation);
            session.SetString("message", "Good bye!");
            Assert.NotEqual(id, session.Id);
        });

        Assert.NotNull(browser.Token);
        Assert.NotEqual(old.Token, browser.Token);
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(["message"], session.Keys);
            Assert.Equal(1, session.Version);
        });
        Assert.False(await lab.AskAsync(old, session => session.Exists));
    }

    [Fact]
    public async Task Destroy_WithATokenThatNamesNothing_DeletesTheCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        browser.Token = "an-unknown-token-of-an-old-session";

        await lab.RunAsync(browser, session => session.DestroyAsync(Cancellation));

        Assert.Null(browser.Token);
    }

    [Fact]
    public async Task Destroy_Twice_IsNoError()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(other, async context =>
        {
            await lab.RunAsync(browser, session => session.DestroyAsync(Cancellation));
            await context.GetOrleansSession().DestroyAsync(Cancellation);
            await context.GetOrleansSession().DestroyAsync(Cancellation);
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(other.Token);
    }

    /// <summary>A "signed out" response would be wrong while the session lives on under its new token.</summary>
    [Fact]
    public async Task Destroy_OfASessionThatWasRotatedMeanwhile_IsAnswered409AndKeepsTheNewCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(late, async context =>
        {
            await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));
            await context.GetOrleansSession().DestroyAsync(Cancellation);
        });

        Assert.True(await lab.AskAsync(browser, session => session.Exists));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
    }
}
