using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>What WATCH keeps of a session: whether it has changed since can be told from it.</summary>
/// <param name="Incarnation">The session; null: there was none.</param>
/// <param name="Version">Its version.</param>
/// <param name="ExpiresAt">When it ended: a new expiry may be no new version.</param>
internal readonly record struct SessionMark(Guid? Incarnation, long Version, DateTimeOffset ExpiresAt)
{
    public static SessionMark Of(SessionSnapshot? session) =>
        session is null ? default : new SessionMark(session.Incarnation, session.Version, session.ExpiresAt);
}
