using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Events;

/// <summary>Event: a session ended.</summary>
/// <param name="SessionKey">The session's key when it ended; the rotation of a token without a secret part changes the key and ends nothing.</param>
/// <param name="Incarnation">Unique id of this session: the idempotency key.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Entries">The entries after the last commit.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
public sealed record SessionEnded(
    string SessionKey,
    Guid Incarnation,
    EndReason Reason,
    ImmutableArray<SessionEntry> Entries,
    DateTimeOffset CreatedAt)
{
    /// <summary>The <see cref="UserKey.Value"/> of the user that the session was signed in as; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The <see cref="Contracts.UserKey.Value"/> of the administrator who acts as the user; null: it is the user.</summary>
    public string? ImpersonatedBy { get; init; }

    /// <summary>Who ended it, as far as that is known: see <see cref="SessionActor"/>.</summary>
    public string Actor { get; init; } = SessionActor.Unknown;
}
