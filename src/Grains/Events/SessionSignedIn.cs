using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Events;

/// <summary>Event: a session was signed in, or its user authenticated again.</summary>
/// <param name="SessionKey">The session's key.</param>
/// <param name="Incarnation">Unique id of this session.</param>
/// <param name="Identity">Whose it is, and since when.</param>
/// <param name="At">When it was signed in (UTC).</param>
public sealed record SessionSignedIn(string SessionKey, Guid Incarnation, SessionIdentity Identity, DateTimeOffset At)
{
    /// <summary>Whether the session was signed in as the same user before, and the user has authenticated again.</summary>
    public bool IsStepUp { get; init; }
}
