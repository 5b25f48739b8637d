using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Mark of a session's state for WATCH: shows whether the session has changed since.</summary>
/// <param name="Incarnation">The session; null: there was none.</param>
/// <param name="Version">Its version.</param>
/// <param name="ExpiresAt">Its expiry: a new expiry need not change the version.</param>
internal readonly record struct SessionMark(Guid? Incarnation, long Version, DateTimeOffset ExpiresAt)
{
    public static SessionMark Of(SessionSnapshot? session) =>
        session is null ? default : new SessionMark(session.Incarnation, session.Version, session.ExpiresAt);
}
