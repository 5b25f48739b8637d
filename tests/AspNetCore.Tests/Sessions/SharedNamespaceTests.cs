using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Sessions that PHP may use too: their tokens have no secret part, and a rotation moves them to a new key, where the old token is worthless at once.</summary>
public sealed class SharedNamespaceTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("default", null, null, true)]
    [InlineData("default", "PHPSESSID", null, false)]
    [InlineData("PHPREDIS_SESSION:", null, null, false)]
    [InlineData("PHPREDIS_SESSION:shop:", null, null, false)]
    [InlineData("PHPREDIS_SESSION:", "PHPSESSID", false, true)]
    [InlineData("shop_sess:", null, true, false)]
    public async Task NewToken_HasASecretPart_UnlessPhpSharesTheNamespace(string sessionNamespace, string? cookie, bool? isShared, bool hasSecret)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains, builder => builder.Services.Configure<OrleansSessionOptions>(options =>
        {
            options.Namespace = sessionNamespace;
            if (cookie is not null)
            {
                options.Cookie.Name = cookie;
            }

            options.SharedWithPhp = isShared;
        }));
        using Browser browser = lab.NewBrowser();
        browser.CookieName = cookie ?? browser.CookieName;

        await lab.RunAsync(browser, session => session.SetString("a", "1"));

        Assert.True(SessionToken.TryParse(browser.Token, out SessionToken token));
        Assert.Equal(hasSecret, token.HasSecret);
    }

    /// <summary>As of a browser whose session was started by an older version, or taken over.</summary>
    [Fact]
    public async Task Rotate_OfATokenWithoutASecretWherePhpSharesNothing_GivesTheSessionASecret()
    {
        await using Lab shared = await StartAsync();
        using Browser browser = await shared.NewSessionAsync();
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser own = lab.NewBrowser();
        own.Token = browser.Token;

        await lab.RunAsync(own, session => session.RotateAsync(Cancellation));

        Assert.True(SessionToken.TryParse(own.Token, out SessionToken token) && token.HasSecret);
        Assert.Equal("1", await lab.AskAsync(own, session => session.GetString("a")));
        own.Token = SessionToken.TryParse(own.Token, out token) ? token.WithNewSecret().Value : null;
        Assert.False(await lab.AskAsync(own, session => session.Exists));
    }

    [Fact]
    public async Task Rotate_KeepsTheEntriesUnderANewTokenAndId()
    {
        await using Lab lab = await StartAsync();
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
    public async Task Commit_OfARequestThatStartedBeforeARotation_IsAnswered409AndSetsNoCookie()
    {
        await using Lab lab = await StartAsync();
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

    /// <summary>An answer that says "signed out" while the session lives on under its new token would be a lie.</summary>
    [Fact]
    public async Task Destroy_OfASessionThatWasRotatedMeanwhile_IsAnswered409AndKeepsTheNewCookie()
    {
        await using Lab lab = await StartAsync();
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

    private Task<Lab> StartAsync() => Lab.StartAsync(
        cluster.Grains, static builder => builder.Services.Configure<OrleansSessionOptions>(static options => options.SharedWithPhp = true));
}
