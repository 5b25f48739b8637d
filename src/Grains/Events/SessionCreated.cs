namespace OrleansSessions.Grains.Events;

/// <summary>A session was created.</summary>
/// <param name="SessionKey">The session's key.</param>
/// <param name="Incarnation">Identifies this session among all that ever were: the idempotency key.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
public sealed record SessionCreated(string SessionKey, Guid Incarnation, DateTimeOffset CreatedAt);
