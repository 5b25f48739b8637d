namespace OrleansSessions.AspNetCore;

/// <summary>Sign-in under way.</summary>
/// <param name="isIssued">Whether the caller passed on the properties of a ticket that was issued before.</param>
internal sealed class TicketSignIn(bool isIssued)
{
    public bool IsIssued { get; } = isIssued;

    /// <summary>Whether the new ticket is stored, even if the request fails.</summary>
    public bool IsStored { get; set; }

    /// <summary>The token that the browser presented; null: none.</summary>
    public string? Presented { get; set; }
}
