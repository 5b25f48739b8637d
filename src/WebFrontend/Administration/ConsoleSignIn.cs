using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using OrleansSessions.Administration;
using OrleansSessions.AspNetCore;
using OrleansSessions.AspNetCore.Cookies;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>
/// Sign-in of administrators to the console: a ticket in the session cluster, apart from customers' sessions, and checked against the key file at each request. Its cookie holds
/// a token only, so signing out ends every copy.
/// </summary>
internal static class ConsoleSignIn
{
    public const string Scheme = "Console";
    public const string Path = "/console";

    private const string CookieName = "shop.console";
    private const string UserIdClaim = "shop:administrator";

    /// <summary>The ticket's property for the latest end.</summary>
    private const string EndProperty = "shop.console.end";

    /// <summary>Adds the scheme, as the default one.</summary>
    public static void AddConsoleSignIn(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
        services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.Section).ValidateOnStart();
        services.AddAuthentication(Scheme).AddCookie(Scheme);
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<IOptions<ConsoleOptions>, IOptions<OrleansSessionOptions>>(
            static (cookie, console, sessions) => Configure(cookie, console.Value, sessions.Value));
        services.AddOrleansTicketStore(Scheme, static store =>
        {
            store.UserIdClaim = UserIdClaim;
            store.Details = static _ => new SignInOptions { Method = "key", Label = "Console" };

            // The shop's session is its customer's, not the administrator's.
            store.CoversSession = false;
        });
    }

    public static Task SignInAsync(HttpContext request, ClaimsIdentity administrator)
    {
        var user = new ClaimsIdentity(administrator);
        user.AddClaim(new Claim(UserIdClaim, AdministratorSession.IdOf(administrator)));
        return request.SignInAsync(Scheme, new ClaimsPrincipal(user));
    }

    private static void Configure(CookieAuthenticationOptions options, ConsoleOptions console, OrleansSessionOptions sessions)
    {
        // Secure like the shop's own cookie. The path rules out the prefix __Host-.
        options.Cookie.SecurePolicy = sessions.Cookie.SecurePolicy;
        options.Cookie.Name = options.Cookie.SecurePolicy == CookieSecurePolicy.Always ? SessionCookieBuilder.SecurePrefix + CookieName : CookieName;
        options.Cookie.Path = Path;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.ExpireTimeSpan = console.IdleTimeout;
        options.LoginPath = $"{Path}/sign-in";
        options.AccessDeniedPath = $"{Path}/sign-in";
        options.Events.OnSigningIn = context =>
        {
            DateTimeOffset end = context.Properties.IssuedUtc.GetValueOrDefault() + console.AbsoluteLifetime;
            context.Properties.SetString(EndProperty, end.ToString("O", CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        };
        options.Events.OnCheckSlidingExpiration = CheckEndAsync;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Renews no ticket beyond its latest end.</summary>
    private static Task CheckEndAsync(CookieSlidingExpirationContext context)
    {
        DateTimeOffset renewed = (context.Options.TimeProvider ?? TimeProvider.System).GetUtcNow() + context.Options.ExpireTimeSpan;
        context.ShouldRenew &= DateTimeOffset.TryParse(
            context.Properties.GetString(EndProperty), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset end) && renewed <= end;
        return Task.CompletedTask;
    }

    /// <summary>Replaces the ticket's administrator by what the key file says now, or refuses them.</summary>
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
