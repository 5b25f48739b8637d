using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Tokens that a rotation replaced, and tokens that an attacker guessed or planted.</summary>
public sealed class ReplacedTokenTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
}
