using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Rotating a session's token.</summary>
public sealed class SessionRotationTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_KeepsTheEntriesAndTheIdUnderANewToken()
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
            Assert.Equal(id, session.Id);
        });

        Assert.NotEqual(old.Token, browser.Token);
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(id, session.Id);
            Assert.Equal("1", session.GetString("a"));
            Assert.Equal("set before", session.GetString("b"));
            Assert.Equal("set after", session.GetString("c"));
        });
    }

    /// <summary>The sign-in: the user's new rights and the new secret are stored together, or neither is.</summary>
    [Fact]
    public async Task Rotate_AfterChanges_IsOneCallWithThem()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("user", "ada");
            await session.RotateAsync(Cancellation);
        });

        Assert.Equal(["LoadAsync", "CommitAsync"], lab.Grains.Methods);
        SessionCommit commit = Assert.Single(lab.Grains.Commits);
        Assert.Equal("user", Assert.Single(commit.Changes).Name);
        Assert.Equal(TimeSpan.FromSeconds(10), commit.Rotation!.Grace);
        Assert.True(commit.Rotation.EndOnReuse);
        Assert.Equal("ada", await lab.AskAsync(browser, session => session.GetString("user")));
    }

    [Fact]
    public async Task Rotate_OfARequestWithAReplacedToken_CallsNothingAndDropsWhatWasToBeStoredWithIt()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();
        await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));
        lab.Grains.ForgetCalls();

        await lab.RunAsync(late, async session =>
        {
            session.SetString("user", "ada");
            await Assert.ThrowsAsync<SessionRotatedException>(() => session.RotateAsync(Cancellation));
        });

        Assert.Equal(["LoadAsync"], lab.Grains.Methods);
        Assert.Null(await lab.AskAsync(browser, session => session.GetString("user")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_Twice_KeepsTheEntries(bool sharedWithPhp)
    {
        await using Lab lab = await StartAsync(sharedWithPhp);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_OfASessionThatWasRotatedMeanwhile_IsAnswered409(bool sharedWithPhp)
    {
        await using Lab lab = await StartAsync(sharedWithPhp);
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
    public async Task Update_OfARequestThatLoadedBeforeARotationWithoutGrace_GoesOn()
    {
        await using Lab lab = await Lab.StartAsync(
            cluster.Grains, static builder => builder.Services.Configure<OrleansSessionOptions>(static options => options.RotationGrace = TimeSpan.Zero));
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        await lab.RunAsync(late, async session =>
        {
            await lab.RunAsync(browser, async others =>
            {
                others.Set("n", 1);
                await others.RotateAsync(Cancellation);
            });
            Assert.Equal(2, await session.UpdateAsync<int>("n", static n => n + 1, Cancellation));
        });

        Assert.Equal(2, await lab.AskAsync(browser, session => session.Get<int>("n")));
    }

    [Fact]
    public async Task Commit_OfARequestThatStartedBeforeARotation_IsStoredAndSetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(late, async context =>
        {
            await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));
            context.Session.SetString("a", "late");
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("late", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    private Task<Lab> StartAsync(bool sharedWithPhp) => Lab.StartAsync(
        cluster.Grains, builder => builder.Services.Configure<OrleansSessionOptions>(options => options.SharedWithPhp = sharedWithPhp));
}
