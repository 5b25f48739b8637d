using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>Frontend whose users sign in at the provider. All share one Data Protection key ring.</summary>
internal static class Shop
{
    private const string ShopAddress = "https://localhost";
    private const string BackChannel = "/signed-out-at-provider";

    private static readonly EphemeralDataProtectionProvider Protection = new();

    public static Task<TestApp> StartAsync(
        IGrainFactory cluster, Provider provider, Action<OrleansOpenIdConnectOptions>? configure = null, Action<WebApplicationBuilder>? more = null) => TestApp.StartAsync(
        cluster,
        static app =>
        {
            app.UseRouting();
            app.UseOrleansSessions();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/me", (ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "(nobody)");
            app.MapGet("/refresh-token", static Task<string?> (HttpContext context) => context.GetTokenAsync("refresh_token"));
            app.MapGet("/sign-in", () => TypedResults.Challenge(new() { RedirectUri = "/me" }, [OpenIdConnectDefaults.AuthenticationScheme]));
            app.MapGet("/transfer", static () => "transferred")
                .RequireAuthorization(static policy => policy.RequireAuthenticatedUser().RequireFreshSession(TimeSpan.FromMinutes(5)));
            app.MapPost("/sign-out", (HttpContext context) => context.SignOutAsync());
            app.MapBackChannelLogout(BackChannel);
        },
        builder =>
        {
            builder.Services.Configure<OrleansSessionOptions>(static options => options.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]));
            builder.Services.AddAuthentication(static options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            }).AddCookie().AddOpenIdConnect(options =>
            {
                options.Authority = Provider.Issuer;
                options.ClientId = Provider.ClientId;
                options.ClientSecret = Provider.ClientSecret;
                options.ResponseType = "code";
                options.ResponseMode = "query";
                options.SaveTokens = true;
                options.Scope.Add("offline_access");
                options.BackchannelHttpHandler = provider.CreateHandler();
            });

            builder.Services.AddAuthorization();
            builder.Services.AddOrleansTicketStore();
            builder.Services.AddOrleansOpenIdConnect(configure: configure);
            builder.Services.AddSingleton<IDataProtectionProvider>(Protection);
            more?.Invoke(builder);
        });

    /// <summary>Sends a browser to the provider and back.</summary>
    public static async Task SignInAsync(this Browser browser, Provider provider) => await browser.ReturnFromAsync(await browser.AuthenticateAtAsync(provider));

    /// <summary>Sends a browser to the provider.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="page">The page that sends it there.</param>
    /// <returns>Where the provider sends it then.</returns>
    public static async Task<string> AuthenticateAtAsync(this Browser browser, Provider provider, string page = "/sign-in")
    {
        using HttpResponseMessage challenge = await browser.GetAsync(page);
        Assert.True(challenge.Headers.Location?.Host == new Uri(Provider.Issuer).Host, await challenge.TextAsync());
        using Browser atProvider = provider.NewBrowser();
        using HttpResponseMessage authorized = await atProvider.GetAsync(challenge.Headers.Location!.PathAndQuery);
        Assert.True(authorized.Headers.Location is not null, await authorized.TextAsync());
        return authorized.Headers.Location!.PathAndQuery;
    }

    /// <summary>Follows a browser's way back from the provider.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="location">Where the provider has sent it.</param>
    /// <param name="page">The page that it must end at.</param>
    public static async Task ReturnFromAsync(this Browser browser, string location, string page = "/me")
    {
        using HttpResponseMessage signedIn = await browser.GetAsync(location);
        string? target = signedIn.Headers.Location?.OriginalString;
        Assert.True(target == page || target == ShopAddress + page, await signedIn.TextAsync());
    }

    public static Browser NewShopBrowser(this TestApp app)
    {
        Browser browser = app.NewBrowser();
        browser.CookieName = CookieAuthenticationDefaults.CookiePrefix + CookieAuthenticationDefaults.AuthenticationScheme;
        return browser;
    }

    public static Task<string> WhoAmIAsync(this Browser browser) => browser.GetTextAsync("/me");

    /// <summary>The refresh token in the browser's ticket.</summary>
    public static async Task<string> RefreshTokenAsync(this Browser browser)
    {
        string token = await browser.GetTextAsync("/refresh-token");
        Assert.NotEmpty(token);
        return token;
    }

    /// <summary>The provider's call with a logout token.</summary>
    public static async Task<HttpResponseMessage> LogOutAsync(this TestApp app, params string[] tokens)
    {
        using Browser provider = app.NewBrowser();
        return await provider.PostAsync(BackChannel, new FormUrlEncodedContent(tokens.Select(static token => KeyValuePair.Create("logout_token", token))));
    }
}
