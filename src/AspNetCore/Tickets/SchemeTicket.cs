using Microsoft.AspNetCore.Authentication;

namespace OrleansSessions.AspNetCore;

/// <summary>State of one scheme in a request: its ticket, and what its handler is about to do.</summary>
internal sealed class SchemeTicket(RequestTickets tickets)
{
    /// <summary>The ticket that the request has read or stored; null: none.</summary>
    public RetrievedTicket? Retrieved
    {
        get;
        set
        {
            field = value;
            tickets.Last = value is not null ? this : tickets.Last == this ? null : tickets.Last;
        }
    }

    /// <summary>Whether <c>HttpContext.Session</c> shares the ticket's fate.</summary>
    public bool CoversSession { get; set; }

    /// <summary>The sign-in under way: the store gives the ticket a new token instead of renewing it. Null: none.</summary>
    public TicketSignIn? SignIn { get; set; }

    /// <summary>The tickets that the sign-out under way has ended and the application has not been told of. Null: no sign-out is under way.</summary>
    public List<AuthenticationTicket>? SignedOut { get; set; }

    /// <summary>Whether the ticket's lifetime is being extended: the ticket stays as it is if another request has replaced it meanwhile.</summary>
    public bool IsRefreshing { get; set; }
}
