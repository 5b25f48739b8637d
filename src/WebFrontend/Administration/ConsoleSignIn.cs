using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using OrleansSessions.Administration;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Sign-in of administrators to the console: a cookie of its own, apart from customers' sessions, which is checked against the key file at each request.</summary>
internal static class ConsoleSignIn
{
    public const string Scheme = "Console";
    public const string Path = "/console";

    private const string CookieName = "shop.console";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.Path = Path;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.LoginPath = $"{Path}/sign-in";
        options.AccessDeniedPath = $"{Path}/sign-in";
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Replaces the cookie's administrator by what the key file says now, or refuses them.</summary>
    private static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var administrators = context.HttpContext.RequestServices.GetRequiredService<ISessionAdministrators>();
        string fingerprint = context.Principal?.FindFirstValue(ISessionAdministrators.FingerprintClaim) ?? "";
        if (administrators.FindByFingerprint(fingerprint, Scheme) is { } now)
        {
            context.ReplacePrincipal(new ClaimsPrincipal(now));
        }
        else
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}
