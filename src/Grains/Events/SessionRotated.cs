namespace OrleansSessions.Grains.Events;

/// <summary>Event: a session's token was replaced.</summary>
/// <param name="SessionKey">The session's key, before the rotation.</param>
/// <param name="Incarnation">Unique id of this session.</param>
/// <param name="At">When it was replaced (UTC).</param>
public sealed record SessionRotated(string SessionKey, Guid Incarnation, DateTimeOffset At)
{
    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the user that the session is signed in as; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the administrator who acts as the user; null: it is the user.</summary>
    public string? ImpersonatedBy { get; init; }

    /// <summary>The key that the session has moved to, because its token has no secret part; null: it keeps its key.</summary>
    public string? MovedTo { get; init; }
}
