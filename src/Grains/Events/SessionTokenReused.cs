namespace OrleansSessions.Grains.Events;

/// <summary>A token was presented whose secret a rotation had replaced, after the grace: a stolen cookie, a browser that never got its new one, or a replay.</summary>
/// <param name="SessionKey">The session's key.</param>
/// <param name="Incarnation">Identifies this session among all that ever were.</param>
/// <param name="ReusedAt">When it was presented (UTC).</param>
/// <param name="EndsSession">Whether the session ends because of it.</param>
public sealed record SessionTokenReused(string SessionKey, Guid Incarnation, DateTimeOffset ReusedAt, bool EndsSession);
