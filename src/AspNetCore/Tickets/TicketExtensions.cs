using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Access to the session that keeps the request's authentication ticket.</summary>
public static class TicketExtensions
{
    /// <summary>
    /// Returns the key of the session that keeps the request's ticket, as <see cref="IUserSessions"/> lists it; null if the request has no ticket from the store. With
    /// several schemes, the ticket that was read or stored last.
    /// </summary>
    public static string? GetTicketSessionKey(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<RetrievedTicket>()?.Key.Value;
    }
}
