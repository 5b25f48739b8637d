namespace OrleansSessions.Grains.Events;

/// <summary>Event: a token was presented after the grace of its replaced secret. Causes are a stolen cookie, a browser that never got its new one, or a replay.</summary>
/// <param name="SessionKey">The session's key.</param>
/// <param name="Incarnation">Unique id of this session.</param>
/// <param name="ReusedAt">When it was presented (UTC).</param>
/// <param name="EndsSession">Whether the session ends because of it.</param>
public sealed record SessionTokenReused(string SessionKey, Guid Incarnation, DateTimeOffset ReusedAt, bool EndsSession)
{
    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the user that the session was signed in as; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the administrator who acts as the user; null: it is the user.</summary>
    public string? ImpersonatedBy { get; init; }
}
