using Microsoft.AspNetCore.Authentication;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Ticket of a request, and the session that keeps it.</summary>
/// <param name="Token">The token in the authentication cookie.</param>
/// <param name="Key">The session's key.</param>
/// <param name="Incarnation">The session's incarnation.</param>
/// <param name="Identity">The identity that the session is signed in as; null: none.</param>
/// <param name="PrivilegeChanges">See <see cref="SessionSnapshot.PrivilegeChanges"/>.</param>
/// <param name="EntryVersion">The version of the ticket's entry.</param>
/// <param name="Ticket">The ticket. The application may change it.</param>
/// <param name="UserId">The ticket's user, as stored; null: the ticket names none.</param>
/// <param name="IssuedAt">When the ticket was issued, as stored.</param>
/// <param name="IsSecretReplaced">Whether the browser has, or is about to get, a newer token.</param>
internal sealed record RetrievedTicket(
    SessionToken Token,
    SessionKey Key,
    Guid Incarnation,
    SessionIdentity? Identity,
    long PrivilegeChanges,
    long EntryVersion,
    AuthenticationTicket Ticket,
    string? UserId,
    DateTimeOffset? IssuedAt,
    bool IsSecretReplaced)
{
    /// <summary>A user who has no key: it can't be told from another one's.</summary>
    public const string UnknownUser = "?";

    /// <summary>The user as <c>HttpContext.Session</c> remembers them: see <see cref="SessionSnapshot.TicketUser"/>.</summary>
    public string TicketUser => Identity?.User ?? UnknownUser;
}
