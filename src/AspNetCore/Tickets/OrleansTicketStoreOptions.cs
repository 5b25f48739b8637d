using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Options of the ticket store of one cookie scheme, named as the scheme. The section <c>Sessions:Tickets</c> applies to all schemes.</summary>
public sealed class OrleansTicketStoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = OrleansSessionOptions.SectionName + ":Tickets";

    private const string Subject = "sub";

    /// <summary>
    /// The claim that holds the user's id, by which <see cref="IUserSessions"/> lists and ends tickets. Default: null, <see cref="ClaimTypes.NameIdentifier"/> or, without
    /// it, <c>sub</c>.
    /// </summary>
    public string? UserIdClaim { get; set; }

    /// <summary>
    /// Details of a ticket's sign-in, such as tags from its claims or when an identity provider authenticated the user. Default: null, those of the request.
    /// </summary>
    public Func<AuthenticationTicket, SignInOptions>? Details { get; set; }

    /// <summary>
    /// Whether the request's <c>HttpContext.Session</c>, of <c>UseOrleansSessions</c>, shares the ticket's fate: it gets a new token at sign-in, or ends if it is or was
    /// another user's, even if that one's ticket has ended before, and ends at sign-out. Default:
    /// true. Set it to false for a scheme that is only a step of another sign-in, such as ASP.NET Core Identity's external cookie.
    /// </summary>
    public bool CoversSession { get; set; } = true;

    /// <summary>
    /// Called after a sign-in has stored its ticket, and before the response. It can sign out again. Not called for renewals. An exception fails the request, and the ticket
    /// stays. Default: null, nothing.
    /// </summary>
    public Func<HttpContext, AuthenticationTicket, Task>? SignedIn { get; set; }

    /// <summary>
    /// Called after a request has ended a ticket: it signed out, or signed in as another user, or its ticket had expired. At a sign-out, the request's
    /// <c>HttpContext.Session</c> has ended and the cookie is deleted by then. Not called for ends from elsewhere, which are no part of a request with the ticket.
    /// An exception fails the request. Default: null, nothing.
    /// </summary>
    public Func<HttpContext, AuthenticationTicket, Task>? Ended { get; set; }

    /// <summary>
    /// Called after <see cref="IUserSessions"/> has ended a ticket, or may have. It must neither wait nor throw. Null: nothing, and tickets are not read before their end.
    /// </summary>
    internal Action<AuthenticationTicket>? EndedElsewhere { get; set; }

    /// <summary>
    /// Called before a listed ticket is stored by a renewal, with its user's <see cref="UserKey.Value"/>. An exception prevents the renewal. Null: nothing.
    /// </summary>
    internal Func<string, AuthenticationTicket, Task>? Renewing { get; set; }

    internal string UserIdClaimText => UserIdClaim ?? $"{ClaimTypes.NameIdentifier} or {Subject}";

    internal string? UserIdOf(AuthenticationTicket ticket)
    {
        string? id = UserIdClaim is { } claim
            ? ticket.Principal.FindFirst(claim)?.Value
            : (ticket.Principal.FindFirst(ClaimTypes.NameIdentifier) ?? ticket.Principal.FindFirst(Subject))?.Value;
        return string.IsNullOrEmpty(id) ? null : id;
    }
}
