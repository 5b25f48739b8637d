using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Sign-in and sign-out of a browser with a provider.</summary>
public sealed class OpenIdFlowTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_AtTheProvider_IsListedWithTheTimeOfItsAuthentication()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider);
        await using TestApp other = await Shop.StartAsync(cluster.Grains, provider);
        using Browser browser = app.NewShopBrowser();
        provider.AuthenticatedAt = DateTimeOffset.UtcNow.AddMinutes(-20);

        await browser.SignInAsync(provider);

        Assert.Equal(provider.Subject, await browser.WhoAmIAsync());
        using Browser elsewhere = other.NewShopBrowser();
        elsewhere.Token = browser.Token;
        Assert.Equal(provider.Subject, await elsewhere.WhoAmIAsync());
        SessionIdentity identity = Assert.Single((await ListAsync(app, provider)).Sessions).Description.Identity!;
        Assert.Equal(provider.AuthenticatedAt.ToUnixTimeSeconds(), identity.AuthenticatedAt.ToUnixTimeSeconds());
        Assert.StartsWith("sid:", Assert.Single(identity.Tags), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignOut_RevokesTheRefreshTokenIfSoConfigured(bool revoke)
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider, options => options.RevokeRefreshTokens = revoke);
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        string token = await browser.RefreshTokenAsync();

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        response.EnsureSuccessStatusCode();
        Assert.Equal(revoke ? [token] : [], provider.RevokedTokens);
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.DoesNotContain(app.Logs.Records, static record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public Task SignOut_WhileTheProviderRefusesTheRevocation_SignsOutAndLogsIt() =>
        AssertSignsOutAndLogsTheFailureAsync(static options => options.ClientSecret = "another");

    /// <summary>A provider's refresh token is a secret to every other one.</summary>
    [Fact]
    public async Task Ticket_OfOneOfTwoProviders_ConcernsThatOneOnly()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(
            cluster.Grains,
            provider,
            static options => options.RevokeRefreshTokens = true,
            static builder =>
            {
                builder.Services.AddAuthentication().AddOpenIdConnect("Other", static options =>
                {
                    (options.ClientId, options.CallbackPath) = (Provider.ClientId, "/signin-other");
                    options.Configuration = new() { Issuer = "https://other.example/" };
                });
                builder.Services.AddOrleansOpenIdConnect(providerScheme: "Other", configure: static options => options.RevokeRefreshTokens = true);
            });
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);
        SessionIdentity identity = Assert.Single((await ListAsync(app, provider)).Sessions).Description.Identity!;
        string token = await browser.RefreshTokenAsync();

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Single(identity.Tags);
        Assert.Equal([token], provider.RevokedTokens);
        Assert.DoesNotContain(app.Logs.Records, static record => record.Text.Contains("was not revoked", StringComparison.Ordinal));
    }

    /// <summary>Otherwise a provider that lets users through without asking would make them fresh.</summary>
    [Fact]
    public async Task SignIn_WithoutATimeOfAuthentication_IsNeverFresh()
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(cluster.Grains, provider, more: static builder => builder.Services.PostConfigure<OpenIdConnectOptions>(
            OpenIdConnectDefaults.AuthenticationScheme, static options => options.Events.OnTokenValidated = static context =>
            {
                ClaimsIdentity identity = context.Principal!.Identities.Single();
                identity.RemoveClaim(identity.FindFirst("auth_time"));
                return Task.CompletedTask;
            }));
        using Browser browser = app.NewShopBrowser();

        await browser.SignInAsync(provider);

        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single((await ListAsync(app, provider)).Sessions).Description.Identity!.AuthenticatedAt);
    }

    [Fact]
    public Task SignOut_WhoseRevocationFailsInAnyWay_SignsOutAndLogsIt() => AssertSignsOutAndLogsTheFailureAsync(static options =>
    {
        options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(new() { RevocationEndpoint = "ftp://provider.example/" });
        options.Backchannel = new HttpClient();
    });

    /// <param name="spoil">Spoils the provider's options once the browser has signed in.</param>
    private async Task AssertSignsOutAndLogsTheFailureAsync(Action<OpenIdConnectOptions> spoil)
    {
        await using Provider provider = await Provider.StartAsync();
        await using TestApp app = await Shop.StartAsync(
            cluster.Grains,
            provider,
            static options => options.RevokeRefreshTokens = true,
            builder => builder.Services.PostConfigure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, options => options.Events.OnTokenValidated = context =>
            {
                spoil(context.Options);
                return Task.CompletedTask;
            }));
        using Browser browser = app.NewShopBrowser();
        await browser.SignInAsync(provider);

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        response.EnsureSuccessStatusCode();
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Contains(app.Logs.Records, static record => record.Level == LogLevel.Warning && record.Text.Contains("was not revoked", StringComparison.Ordinal));
    }

    private static Task<UserSessionPage> ListAsync(TestApp app, Provider provider) =>
        app.Services.GetRequiredService<IUserSessions>().ListAsync(provider.Subject, cancellationToken: Cancellation);
}
