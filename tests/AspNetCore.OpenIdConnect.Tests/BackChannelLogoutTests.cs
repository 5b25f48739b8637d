using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Logout tokens of the provider, and of others.</summary>
public sealed class BackChannelLogoutTests(SessionCluster cluster)
{
    private const string Events = "events";

    private static readonly RSA OtherKey = RSA.Create(2048);

    /// <summary>Tokens of which one thing is wrong.</summary>
    private static readonly Dictionary<string, Func<Provider, string>> Hostile = new(StringComparer.Ordinal)
    {
        ["another key"] = static provider => provider.LogoutToken(static token =>
            token.SigningCredentials = new(new RsaSecurityKey(OtherKey) { KeyId = Provider.KeyId }, SecurityAlgorithms.RsaSha256)),
        ["a key of an unknown name"] = static provider => provider.LogoutToken(static token =>
            token.SigningCredentials = new(new RsaSecurityKey(OtherKey) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256)),
        ["alg none"] = static provider => provider.LogoutToken(static token => token.SigningCredentials = null),
        ["the public key as a secret"] = static provider => provider.LogoutToken(static token => token.SigningCredentials = new(
            new SymmetricSecurityKey(((RsaSecurityKey)Provider.Credentials.Key).Rsa.ExportSubjectPublicKeyInfo()) { KeyId = Provider.KeyId }, SecurityAlgorithms.HmacSha256)),
        ["a signature of other content"] = static provider =>
            string.Join('.', [.. provider.LogoutToken().Split('.')[..2], provider.LogoutToken(claims: static claims => claims["sub"] = "somebody").Split('.')[2]]),
        ["another audience"] = static provider => provider.LogoutToken(static token => token.Audience = "another-shop"),
        ["no audience"] = static provider => provider.LogoutToken(static token => token.Audience = null),
        ["another issuer"] = static provider => provider.LogoutToken(static token => token.Issuer = "https://evil.example/"),
        ["expired"] = static provider => provider.LogoutToken(static token =>
            (token.IssuedAt, token.Expires) = (DateTime.UtcNow.AddMinutes(-20), DateTime.UtcNow.AddMinutes(-10))),
        ["without an end"] = static provider => provider.LogoutToken(static token => token.Expires = null),
        ["issued in the future"] = static provider => provider.LogoutToken(static token =>
            (token.IssuedAt, token.Expires) = (DateTime.UtcNow.AddMinutes(10), DateTime.UtcNow.AddMinutes(20))),
        ["issued at no time"] = static provider => provider.LogoutToken(static token => token.IssuedAt = null),
        ["issued at a text"] = static provider => provider.LogoutToken(
            static token => token.IssuedAt = null, static claims => claims["iat"] = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"),
        ["a nonce"] = static provider => provider.LogoutToken(claims: static claims => claims["nonce"] = "n"),
        ["no events"] = static provider => provider.LogoutToken(claims: static claims => claims.Remove(Events)),
        ["another event"] = static provider => provider.LogoutToken(claims: static claims =>
            claims[Events] = new Dictionary<string, object> { ["urn:other"] = new Dictionary<string, object>() }),
        ["an event that is no object"] = static provider => provider.LogoutToken(claims: static claims =>
            claims[Events] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = "yes" }),
        ["no id"] = static provider => provider.LogoutToken(claims: static claims => claims.Remove("jti")),
        ["neither user nor session"] = static provider => provider.LogoutToken(claims: static claims => claims.Remove("sub")),
        ["a session that is no text"] = static provider => provider.LogoutToken(claims: static claims => claims["sid"] = 7),
        ["another kind of token"] = static provider => provider.LogoutToken(static token => token.TokenType = "at+jwt"),
        ["no token"] = static _ => "not-a-token",
        ["a large token"] = static provider => provider.LogoutToken(claims: static claims => claims["padding"] = new string('x', 20_000)),
    };

    private static readonly string[] NoTokens = [];

    [Fact]
    public async Task Logout_OfASession_EndsItOnEveryFrontendAndNoOther()
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

        using HttpResponseMessage response = await other.LogOutAsync(provider.LogoutToken(claims: claims => claims["sid"] = session));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("(nobody)", await ended.WhoAmIAsync());
        Assert.Equal(provider.Subject, await kept.WhoAmIAsync());
    }

    [Fact]
    public async Task Logout_OfAUser_EndsAllOfTheirSessions()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser phone = app.NewShopBrowser();
        using Browser laptop = app.NewShopBrowser();
        await phone.SignInAsync(provider);
        provider.SessionId = "second-session";
        await laptop.SignInAsync(provider);

        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("(nobody)", "(nobody)"), (await phone.WhoAmIAsync(), await laptop.WhoAmIAsync()));
    }

    [Fact]
    public async Task Logout_OfAUserWithAnIdOfTheApplicationsOwn_IsMapped()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(
            cluster.Grains, provider, options => options.FindUserId = (_, subject) => new(subject == provider.Subject ? $"local-{subject}" : null), builder =>
                builder.Services.Configure<OrleansTicketStoreOptions>("Cookies", static options => options.UserIdClaim = "local-id")
                    .PostConfigure<Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions>("OpenIdConnect", options => options.Events.OnTokenValidated = context =>
                    {
                        context.Principal!.Identities.First().AddClaim(new("local-id", $"local-{provider.Subject}"));
                        return Task.CompletedTask;
                    }));
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);

        using HttpResponseMessage unknown = await app.LogOutAsync(provider.LogoutToken(claims: static claims => claims["sub"] = "somebody"));
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());

        using HttpResponseMessage known = await app.LogOutAsync(provider.LogoutToken());
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    /// <summary>One application for all: each must change nothing.</summary>
    [Fact]
    public async Task Logout_WithATokenThatIsNotValid_IsAnswered400AndChangesNothing()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        foreach ((string defect, Func<Provider, string> token) in Hostile)
        {
            using HttpResponseMessage response = await app.LogOutAsync(token(provider));

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{defect}: {response.StatusCode}");
            Assert.True(response.Headers.CacheControl!.NoStore, defect);
            Assert.Equal("""{"error":"invalid_request"}""", await response.TextAsync());
            Assert.True(provider.Subject == await browser.WhoAmIAsync(), defect);
        }
    }

    /// <summary>The browser is on its way back from the provider when the provider signs the user out.</summary>
    [Fact]
    public async Task Logout_ThatOvertakesItsSignIn_EndsIt()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider, static options => options.RevokeRefreshTokens = true);
        using Browser browser = app.NewShopBrowser();
        string way = await browser.AuthenticateAtAsync(provider);
        using HttpResponseMessage response = await app.LogOutAsync(provider.LogoutToken(claims: claims => claims["sid"] = provider.SessionId));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await browser.ReturnFromAsync(way);

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Single(provider.RevokedTokens);
    }

    [Fact]
    public async Task Logout_WithoutATokenOrWithSeveral_IsAnswered400()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);

        using HttpResponseMessage none = await app.LogOutAsync(NoTokens);
        using HttpResponseMessage two = await app.LogOutAsync(provider.LogoutToken(), provider.LogoutToken());

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (none.StatusCode, two.StatusCode));
    }

    /// <summary>A recorded token must not sign the user out again, on any frontend.</summary>
    [Fact]
    public async Task Logout_WithATokenThatWasUsedBefore_IsAnswered400AndChangesNothing()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        await using TestApp other = await Shop.StartAsync(cluster.Grains, provider);
        string token = provider.LogoutToken();
        using HttpResponseMessage first = await app.LogOutAsync(token);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);

        using HttpResponseMessage second = await other.LogOutAsync(token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (first.StatusCode, second.StatusCode));
        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
    }

    /// <summary>The provider sends it again, and it must work then.</summary>
    [Fact]
    public async Task Logout_WhileTheClusterIsUnavailable_IsAnswered503AndWorksWhenItIsRepeated()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        string token = provider.LogoutToken();
        app.Grains.Fail("LoadAsync", new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage failed = await app.LogOutAsync(token);
        using HttpResponseMessage repeated = await app.LogOutAsync(token);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (failed.StatusCode, repeated.StatusCode));
        Assert.NotNull(failed.Headers.RetryAfter);
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task Map_WithoutTheServices_FailsSayingWhatToCall()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        await using WebApplication app = builder.Build();

        var refusal = Assert.Throws<InvalidOperationException>(() => app.MapBackChannelLogout("/signed-out"));

        Assert.Contains("AddOrleansOpenIdConnect", refusal.Message, StringComparison.Ordinal);
    }
}
