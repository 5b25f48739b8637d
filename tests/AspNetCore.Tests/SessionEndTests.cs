using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>Rotating a session's token, and ending the session.</summary>
public sealed class SessionEndTests(SessionCluster cluster)
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

    /// <summary>As at the sign-in of an application that keeps no list of its users' sessions.</summary>
    [Fact]
    public async Task OldToken_AfterARotationForASignIn_OpensNothingAtOnceAndEndsNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();
        await lab.RunAsync(browser, session => session.RotateForSignInAsync(Cancellation));

        Assert.False(await lab.AskAsync(old, session => session.Exists));

        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task OldToken_InItsGrace_ReadsAndCommitsAndGetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser late = browser.Clone();
        await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));

        using HttpResponseMessage response = await lab.SendAsync(late, async context =>
        {
            IOrleansSession session = context.GetOrleansSession();
            Assert.Equal("1", session.GetString("a"));
            session.SetString("b", "late");
            Assert.Equal(1, await session.IncrementAsync("n", cancellationToken: Cancellation));
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("late", await lab.AskAsync(browser, session => session.GetString("b")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OldToken_AfterItsGrace_OpensNothingAndEndsTheSessionIfSoConfigured(bool endOnReuse)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains, builder => builder.Services.Configure<OrleansSessionOptions>(options =>
        {
            options.RotationGrace = TimeSpan.Zero;
            options.EndOnReuse = endOnReuse;
        }));
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();
        await lab.RunAsync(browser, session => session.RotateAsync(Cancellation));

        await lab.RunAsync(old, session =>
        {
            Assert.Empty(session.Keys);
            session.SetString("a", "mine");
        });

        Assert.Equal(endOnReuse ? null : "1", await lab.AskAsync(browser, session => session.GetString("a")));

        // Its changes became a separate session, under its own id.
        Assert.NotEqual(browser.Token?.Split('.')[0], old.Token?.Split('.')[0]);
        Assert.Equal("mine", await lab.AskAsync(old, session => session.GetString("a")));
    }

    [Fact]
    public async Task Token_WithAnotherSecret_OpensNothingAndChangesNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser guesser = browser.Clone();
        guesser.Token = SessionToken.TryParse(browser.Token, out SessionToken token) ? token.WithNewSecret().Value : null;

        await lab.RunAsync(guesser, session =>
        {
            Assert.False(session.Exists);
            session.SetString("a", "mine");
        });

        Assert.NotEqual(browser.Token!.Split('.')[0], guesser.Token!.Split('.')[0]);
        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    /// <summary>
    /// Fixation: the attacker has planted his cookie in the victim's browser. With the sign-in the victim gets a token that he doesn't know, and he can't get one of his
    /// own for the signed-in session.
    /// </summary>
    [Fact]
    public async Task Fixation_AttackerRotatesAfterTheVictimsSignIn_GetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser attacker = await lab.NewSessionAsync();
        using Browser victim = attacker.Clone();
        await SignInAsync(victim);

        using HttpResponseMessage response = await lab.SendAsync(attacker, context => context.GetOrleansSession().RotateAsync(Cancellation));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("ada", await lab.AskAsync(victim, session => session.GetString("user")));

        async Task SignInAsync(Browser browser) => await lab.RunAsync(browser, async session =>
        {
            session.SetString("user", "ada");
            await session.RotateAsync(Cancellation);
        });
    }

    /// <summary>The other order: the attacker has the newer cookie, so the victim's sign-in must not happen to that session.</summary>
    [Fact]
    public async Task Fixation_AttackerRotatesBeforeTheVictimsSignIn_SignsNobodyIn()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser attacker = await lab.NewSessionAsync();
        using Browser victim = attacker.Clone();
        await lab.RunAsync(attacker, session => session.RotateAsync(Cancellation));

        using HttpResponseMessage response = await lab.SendAsync(victim, async context =>
        {
            context.Session.SetString("user", "ada");
            await context.GetOrleansSession().RotateAsync(Cancellation);
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Null(await lab.AskAsync(attacker, session => session.GetString("user")));
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
}
