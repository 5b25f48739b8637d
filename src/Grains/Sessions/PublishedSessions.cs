using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <inheritdoc />
internal sealed class PublishedSessions(ActiveSessions sessions, SessionBehavior behavior) : IPublishedSessions
{
    public LoadResult? Load(SessionKey key, bool touch, SecretHash secret = default, Guid? incarnation = null) =>
        sessions.Find(key.Value)?.ReadPublished(touch, secret, incarnation, out long deadlineMs) is { } state ? behavior.Loaded(state, deadlineMs) : null;

    public bool Refresh(SessionKey key) => sessions.Find(key.Value)?.ReadPublished(touch: true, secret: default, incarnation: null, out _) is not null;
}
