using System.Buffers.Text;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Logouts by the provider's session, of tickets that applications have changed.</summary>
public sealed class ProviderSessionTests(SessionCluster cluster)
{
    private static readonly string[] SessionIdClaims = ["sid", ClaimTypes.Sid];

    /// <summary>As code does that builds its own principal, and ASP.NET Core Identity with claims of its user store.</summary>
    [Fact]
    public Task Logout_OfASessionWhoseClaimWasMadeAnew_EndsIt() => AssertEndedAsync(static builder => Change(builder, static options =>
        options.Events.OnTokenValidated = static context =>
        {
            string sessionId = RemoveSessionId(context.Principal!);
            context.Principal!.Identities.First().AddClaim(new Claim("sid", sessionId));
            return Task.CompletedTask;
        }));

    [Fact]
    public Task Logout_OfASessionWhoseTicketTellsNoScheme_EndsIt() => AssertEndedAsync(static builder => Change(builder, static options =>
        options.Events.OnTicketReceived = static context =>
        {
            Assert.True(context.Properties!.Items.Remove(".AuthScheme"));
            return Task.CompletedTask;
        }));

    [Fact]
    public Task Logout_OfASessionThatAnEarlierVersionHasListed_EndsIt() => AssertEndedAsync(static builder =>
    {
        string? sessionId = null;
        Change(builder, options => options.Events.OnTokenValidated = context =>
        {
            sessionId = RemoveSessionId(context.Principal!);
            return Task.CompletedTask;
        });
        builder.Services.Configure<OrleansTicketStoreOptions>("Cookies", options => options.Details = _ => new SignInOptions
        {
            Tags = ["sid:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Provider.Issuer}\0{sessionId}")))],
        });
    });

    /// <summary>An operator has to notice that logouts miss the sessions.</summary>
    [Fact]
    public async Task Logout_OfASessionThatIsNoneOfTheUsers_IsLoggedWithoutNamingThem()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        app.Logs.Forget();

        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(claims: static claims => claims["sid"] = "an-unknown-session"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
        LogRecord warning = Assert.Single(app.Logs.Records, static record => record.Level == LogLevel.Warning);
        Assert.Contains("none of the user's sessions", warning.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            app.Logs.Records,
            record => record.Level >= LogLevel.Information
                && (record.Text.Contains(provider.Subject, StringComparison.Ordinal) || record.Text.Contains("an-unknown-session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Logout_ThatNamesNoUser_EndsTheSessionOnEveryFrontendAndNoOther()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        await using TestApp other = await Shop.StartAsync(cluster.Grains, provider);
        using Browser ended = app.NewShopBrowser();
        using Browser kept = app.NewShopBrowser();
        await ended.SignInAsync(provider);
        string session = provider.SessionId;
        provider.SessionId = "second-session";
        await kept.SignInAsync(provider);

        using HttpResponseMessage response = await other.LogOutAsync(LogoutTokenWithoutUser(provider, session));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("(nobody)", provider.Subject), (await ended.WhoAmIAsync(), await kept.WhoAmIAsync()));
    }

    [Fact]
    public async Task Logout_ThatNamesNoUserAndAnUnknownSession_IsAnswered200AndChangesNothing()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);

        using HttpResponseMessage response = await app.LogOutAsync(LogoutTokenWithoutUser(provider, "an-unknown-session"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task Logout_ThatNamesNoUserAndOvertakesItsSignIn_EndsIt()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        string way = await browser.AuthenticateAtAsync(provider);
        using HttpResponseMessage response = await app.LogOutAsync(LogoutTokenWithoutUser(provider, provider.SessionId));

        await browser.ReturnFromAsync(way);

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    /// <summary>A session that is used for months must be found as long as it lives.</summary>
    [Fact]
    public async Task Ticket_ThatIsRenewed_IsFoundByItsSessionUntilItExpires()
    {
        await using Provider provider = await Provider.StartAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using TestApp app = await Shop.StartAsync(
            cluster.Grains, provider, more: builder => builder.Services.Configure<CookieAuthenticationOptions>("Cookies", options => options.TimeProvider = time));
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        time.Advance(TimeSpan.FromDays(8));
        app.Grains.ForgetCalls();

        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());

        SessionCommit users = Assert.Single(app.Grains.Commits, static commit => commit.Namespace?.EndsWith(":sids", StringComparison.Ordinal) == true);
        SessionCommit ticket = Assert.Single(app.Grains.Commits, commit => commit != users);
        Assert.Equal(DeadlineOf(ticket), DeadlineOf(users));
        Assert.True(DeadlineOf(users) > DateTimeOffset.UtcNow.AddDays(20).ToUnixTimeMilliseconds());
    }

    private static long DeadlineOf(SessionCommit commit) => Assert.Single(commit.Changes, static change => change.DeadlineMs > 0).DeadlineMs;

    private static string LogoutTokenWithoutUser(Provider provider, string session) => provider.LogoutToken(claims: claims =>
    {
        claims.Remove("sub");
        claims["sid"] = session;
    });

    private static void Change(WebApplicationBuilder builder, Action<OpenIdConnectOptions> change) =>
        builder.Services.PostConfigure(OpenIdConnectDefaults.AuthenticationScheme, change);

    private static string RemoveSessionId(ClaimsPrincipal user)
    {
        Claim claim = Assert.Single(user.Claims, static claim => SessionIdClaims.Contains(claim.Type));
        claim.Subject!.RemoveClaim(claim);
        return claim.Value;
    }

    private async Task AssertEndedAsync(Action<WebApplicationBuilder> change)
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider, more: change);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
        app.Logs.Forget();

        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(claims: claims => claims["sid"] = provider.SessionId));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.DoesNotContain(app.Logs.Records, static record => record.Level >= LogLevel.Warning);
    }
}
