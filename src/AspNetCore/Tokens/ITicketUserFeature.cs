using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Request feature: the user whose ticket covers the request's session.</summary>
internal interface ITicketUserFeature
{
    /// <summary>The user, as in <see cref="SessionSnapshot.TicketUser"/>; null: the request has no ticket, or none that covers the session.</summary>
    string? TicketUser { get; }
}
