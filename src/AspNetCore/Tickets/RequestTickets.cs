using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore;

/// <summary>Request feature: the tickets of a request, one for each scheme.</summary>
internal sealed class RequestTickets : ITicketUserFeature
{
    private readonly Dictionary<string, SchemeTicket> _schemes = new(StringComparer.Ordinal);

    /// <summary>The scheme whose ticket was read or stored last; null: none.</summary>
    public SchemeTicket? Last { get; set; }

    /// <summary>The first ticket's user.</summary>
    public string? TicketUser => Covering.FirstOrDefault()?.TicketUser;

    /// <summary>The tickets whose fate <c>HttpContext.Session</c> shares.</summary>
    private IEnumerable<RetrievedTicket> Covering =>
        _schemes.Values.Where(static scheme => scheme.CoversSession).Select(static scheme => scheme.Retrieved).OfType<RetrievedTicket>();

    /// <summary>Whether a user is known by a key, and has a ticket in the request.</summary>
    public bool IsSignedIn(string ticketUser) => ticketUser != RetrievedTicket.UnknownUser && Covering.Any(ticket => ticket.TicketUser == ticketUser);

    /// <summary>The state of a scheme in a request.</summary>
    public static SchemeTicket Of(HttpContext request, string scheme)
    {
        RequestTickets tickets = request.Features.Get<RequestTickets>() ?? new RequestTickets();
        if (!tickets._schemes.TryGetValue(scheme, out SchemeTicket? ticket))
        {
            tickets._schemes[scheme] = ticket = new SchemeTicket(tickets);
            request.Features.Set(tickets);
            request.Features.Set<ITicketUserFeature>(tickets);
        }

        return ticket;
    }

    /// <summary>The tickets that authenticated a request's user.</summary>
    public static RetrievedTicket[] Authenticating(HttpContext request, ClaimsPrincipal user)
    {
        if (request.Features.Get<RequestTickets>() is not { } tickets)
        {
            return [];
        }

        // A policy with several schemes joins their names. A scheme that forwards to another one has no ticket of its own, but the same identity.
        string[] names = request.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme.Split(';') ?? [];
        RetrievedTicket[] named = [.. tickets._schemes.Where(scheme => names.Contains(scheme.Key)).Select(static scheme => scheme.Value.Retrieved).OfType<RetrievedTicket>()];
        return named.Length > 0
            ? named
            : [.. tickets._schemes.Values
                .Select(static scheme => scheme.Retrieved)
                .OfType<RetrievedTicket>()
                .Where(ticket => ticket.Ticket.Principal.Identities.Any(identity => user.Identities.Contains(identity)))];
    }
}
