using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Cookie handler for schemes with a ticket store. ASP.NET Core's own keeps a browser's ticket key when it signs in again, which would let whoever knew the key share the
/// new sign-in, and writes a cookie after a renewal that another request has overtaken.
/// </summary>
internal sealed partial class TicketCookieHandler(IOptionsMonitor<CookieAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : CookieAuthenticationHandler(options, logger, encoder)
{
    /// <summary>The handler that has signed in during this request, with a key of its own.</summary>
    private CookieAuthenticationHandler? _signIn;

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        if (_signIn is not null)
        {
            await _signIn.SignInAsync(user, properties);
            return;
        }

        // A new handler has not read the ticket yet, so it stores one instead of renewing it.
        var signIn = new CookieAuthenticationHandler(OptionsMonitor, Context.RequestServices.GetRequiredService<ILoggerFactory>(), UrlEncoder);
        await signIn.InitializeAsync(Scheme, Context);
        Context.Features.Set(new TicketSignIn());
        try
        {
            await signIn.SignInAsync(user, properties);
            _signIn = signIn;
        }
        finally
        {
            Context.Features.Set<TicketSignIn>(null);
        }
    }

    protected override Task HandleSignOutAsync(AuthenticationProperties? properties) =>
        _signIn is null ? base.HandleSignOutAsync(properties) : _signIn.SignOutAsync(properties);

    protected override async Task FinishResponseAsync()
    {
        if (_signIn is not null || Context.Features.Get<RetrievedTicket>() is { IsSecretReplaced: true })
        {
            // The browser has, or is about to get, a newer cookie.
            return;
        }

        Context.Features.Set(new TicketRefresh());
        try
        {
            await base.FinishResponseAsync();
        }
        catch (TicketSupersededException)
        {
            // The other request's response says what the browser's cookie is.
        }
        catch (SessionUnavailableException exception)
        {
            // The ticket is valid as it is, and the next request tries again.
            LogNotRenewed(Logger, exception.Message);
        }
        finally
        {
            Context.Features.Set<TicketRefresh>(null);
        }
    }

    [LoggerMessage(332, LogLevel.Warning, "A ticket was not renewed; the next request tries again. {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);
}
