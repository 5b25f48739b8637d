namespace OrleansSessions.AspNetCore;

/// <summary>Request feature during a sign-in: the store gives the ticket a new token instead of renewing it.</summary>
internal sealed class TicketSignIn
{
    /// <summary>The token that the browser presented; null: none.</summary>
    public string? Presented { get; set; }
}
