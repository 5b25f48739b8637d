using System.Buffers.Text;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
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
