namespace OrleansSessions.AspNetCore;

/// <summary>Cookie scheme with a ticket store.</summary>
/// <param name="Name">The scheme's name.</param>
internal sealed record TicketScheme(string Name);
