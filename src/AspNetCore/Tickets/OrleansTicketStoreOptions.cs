using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

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

    internal string UserIdClaimText => UserIdClaim ?? $"{ClaimTypes.NameIdentifier} or {Subject}";

    internal string? UserIdOf(AuthenticationTicket ticket)
    {
        string? id = UserIdClaim is { } claim
            ? ticket.Principal.FindFirst(claim)?.Value
            : (ticket.Principal.FindFirst(ClaimTypes.NameIdentifier) ?? ticket.Principal.FindFirst(Subject))?.Value;
        return string.IsNullOrEmpty(id) ? null : id;
    }
}
