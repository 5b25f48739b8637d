namespace OrleansSessions.Grains.Events;

/// <summary>Event: a session was created.</summary>
/// <param name="SessionKey">The session's key.</param>
/// <param name="Incarnation">Unique id of this session: the idempotency key.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
public sealed record SessionCreated(string SessionKey, Guid Incarnation, DateTimeOffset CreatedAt)
{
    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the administrator who acts as a user in the session; null: none.</summary>
    public string? ImpersonatedBy { get; init; }
}
