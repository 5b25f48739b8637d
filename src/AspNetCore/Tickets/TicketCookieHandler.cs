using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Cookie handler for schemes with a ticket store. ASP.NET Core's own keeps a browser's ticket key when it signs in again, so an attacker who knows the key shares the new
/// sign-in; and it writes a cookie after a renewal that another request has overtaken.
/// </summary>
internal sealed partial class TicketCookieHandler(
    IOptionsMonitor<CookieAuthenticationOptions> options, IOptionsMonitor<OrleansTicketStoreOptions> tickets, ILoggerFactory logger, UrlEncoder encoder)
    : CookieAuthenticationHandler(options, logger, encoder)
{
    /// <summary>The handler that has signed in during this request, with a key of its own.</summary>
    private CookieAuthenticationHandler? _signIn;

    private SignInCookies? _cookies;

    private SchemeTicket Ticket => RequestTickets.Of(Context, Scheme.Name);

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        StringValues before = Response.Headers.SetCookie;
        try
        {
            await (_signIn is null ? BeginSignInAsync(user, properties) : _signIn.SignInAsync(user, properties));
        }
        finally
        {
            // An event of the application's may fail after the ticket was stored.
            (_cookies ??= new SignInCookies(Context)).Keep(before);
        }

        if (_signIn is not null && tickets.Get(Scheme.Name).SignedIn is { } signedIn)
        {
            await signedIn(Context, new AuthenticationTicket(user, properties, Scheme.Name));
        }
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        // Complete the sign-out even if the browser does not wait for the answer.
        OrleansTicketStoreOptions store = tickets.Get(Scheme.Name);
        List<AuthenticationTicket> signedOut = [];
        Ticket.SignedOut = signedOut;
        try
        {
            await (_signIn is null ? base.HandleSignOutAsync(properties) : _signIn.SignOutAsync(properties));
            _cookies?.Forget();
            if (store.CoversSession)
            {
                await RequestSession.EndAsync(Context, CancellationToken.None);
            }
        }
        finally
        {
            Ticket.SignedOut = null;
            foreach (AuthenticationTicket ticket in signedOut)
            {
                await (store.Ended?.Invoke(Context, ticket) ?? Task.CompletedTask);
            }
        }
    }

    protected override async Task FinishResponseAsync()
    {
        SchemeTicket ticket = Ticket;
        if (_signIn is not null || ticket.Retrieved is { IsSecretReplaced: true })
        {
            // The browser has, or is about to get, a newer cookie.
            return;
        }

        ticket.IsRefreshing = true;
        try
        {
            await base.FinishResponseAsync();
        }
        catch (TicketSupersededException)
        {
            // The other request's response brings the browser's cookie.
            LogSuperseded(Logger);
        }
        catch (SessionUnavailableException exception)
        {
            // The ticket is valid as it is, and the next request tries again.
            LogNotRenewed(Logger, exception.Message);
        }
        finally
        {
            ticket.IsRefreshing = false;
        }
    }

    private async Task BeginSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        // A new handler has not read the ticket yet, so it stores one instead of renewing it.
        var signIn = new CookieAuthenticationHandler(OptionsMonitor, Context.RequestServices.GetRequiredService<ILoggerFactory>(), UrlEncoder);
        await signIn.InitializeAsync(Scheme, Context);
        SchemeTicket ticket = Ticket;
        TicketSignIn state = new(isIssued: properties?.IssuedUtc is not null);
        ticket.SignIn = state;
        try
        {
            await signIn.SignInAsync(user, properties);
        }
        catch (TicketSupersededException)
        {
            // A parallel request has issued the ticket anew, and its response brings the browser's cookie.
            LogSuperseded(Logger);
        }
        finally
        {
            ticket.SignIn = null;
            _signIn = state.IsStored ? signIn : null;
        }
    }

    [LoggerMessage(332, LogLevel.Warning, "A ticket was not renewed; the next request tries again. {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);

    [LoggerMessage(333, LogLevel.Debug, "A ticket was left unchanged, because another request has replaced it.")]
    private static partial void LogSuperseded(ILogger logger);
}
