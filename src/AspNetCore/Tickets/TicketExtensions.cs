using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Access to the session that keeps the request's authentication ticket.</summary>
public static class TicketExtensions
{
    /// <summary>
    /// Returns the key of the session that keeps the request's ticket, as <see cref="IUserSessions"/> lists it; null if the request has no ticket from the store.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">
    /// The cookie scheme. Null: the one that authenticated <see cref="HttpContext.User"/>, or else the one whose ticket was read or stored last.
    /// </param>
    public static string? GetTicketSessionKey(this HttpContext context, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        RetrievedTicket? ticket = scheme is not null
            ? RequestTickets.Of(context, scheme).Retrieved
            : RequestTickets.Authenticating(context, context.User).FirstOrDefault() ?? context.Features.Get<RequestTickets>()?.Last?.Retrieved;
        return ticket?.Key.Value;
    }
}
