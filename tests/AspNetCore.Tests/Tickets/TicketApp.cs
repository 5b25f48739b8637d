using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Application that signs in with a cookie scheme whose tickets are in the cluster. All share one Data Protection key ring, as frontends do.</summary>
internal static class TicketApp
{
    public const string DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    private static readonly EphemeralDataProtectionProvider Protection = new();

    public static Task<TestApp> StartAsync(
        IGrainFactory cluster,
        string scheme = DefaultScheme,
        Action<CookieAuthenticationOptions>? cookie = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? endpoints = null,
        Action<WebApplication>? early = null) => TestApp.StartAsync(
        cluster,
        app =>
        {
            early?.Invoke(app);
            app.UseRouting();
            app.UseOrleansSessions();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/me", (ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "(nobody)");
            app.MapPost("/sign-in/{user}", (HttpContext context, string user) => context.SignInAsync(PrincipalOf(user)));
            app.MapPost("/sign-out", (HttpContext context) => context.SignOutAsync());
            endpoints?.Invoke(app);
        },
        builder =>
        {
            builder.Services.Configure<OrleansSessionOptions>(static options => options.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]));
            builder.Services.AddAuthentication(scheme).AddCookie(scheme, options => cookie?.Invoke(options));
            builder.Services.AddAuthorization();
            builder.Services.AddOrleansTicketStore(scheme);
            configure?.Invoke(builder);
            builder.Services.AddSingleton<IDataProtectionProvider>(Protection);
        });

    public static Browser NewTicketBrowser(this TestApp app, string scheme = DefaultScheme)
    {
        Browser browser = app.NewBrowser();
        browser.CookieName = CookieAuthenticationDefaults.CookiePrefix + scheme;
        return browser;
    }

    /// <summary>The same browser, talking to another frontend.</summary>
    public static Browser At(this Browser browser, TestApp app)
    {
        Browser other = app.NewBrowser();
        other.CookieName = browser.CookieName;
        other.Token = browser.Token;
        return other;
    }

    public static async Task SignInAsync(this Browser browser, string user)
    {
        using HttpResponseMessage response = await browser.PostAsync($"/sign-in/{user}");
        response.EnsureSuccessStatusCode();
    }

    public static Task<string> WhoAmIAsync(this Browser browser) => browser.GetTextAsync("/me");

    public static IUserSessions Users(this TestApp app) => app.Services.GetRequiredService<IUserSessions>();

    public static ClaimsPrincipal PrincipalOf(string user) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user), new Claim(ClaimTypes.Role, $"role-of-{user}")], "password"));
}
