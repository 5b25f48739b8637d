using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Ending a session.</summary>
public sealed class SessionEndTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Destroy_OfASessionThatWasRotatedMeanwhile_EndsIt()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        await lab.RunAsync(late, async session =>
        {
            await lab.RunAsync(browser, others => others.RotateAsync(Cancellation));
            await session.DestroyAsync(Cancellation);
        });

        Assert.Null(late.Token);
        Assert.False(await lab.AskAsync(browser, session => session.Exists));
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
    public async Task Session_EndedByAnotherRequest_Returns409AndNotBroughtBack()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            await lab.RunAsync(other, session => session.DestroyAsync(TestContext.Current.CancellationToken));
            context.Session.SetString("late", "write");
            await context.Response.WriteAsync("done");
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("Session ended", (await response.ProblemAsync()).Title);
        Assert.False(await lab.AskAsync(browser, session => session.Exists));
    }
}
