using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <inheritdoc />
internal sealed class PublishedSessions(ActiveSessions sessions, SessionStore store, SessionBehavior behavior) : IPublishedSessions
{
    public LoadResult? Load(SessionKey key, bool touch, SecretHash secret = default, Guid? incarnation = null) =>
        Read(key, touch, secret, incarnation, out long deadlineMs) is { } state ? behavior.Loaded(state, deadlineMs) : null;

    public bool Refresh(SessionKey key) => Read(key, touch: true, secret: default, incarnation: null, out _) is not null;

    /// <summary>Returns a session's state; null: its grain must answer.</summary>
    private SessionState? Read(SessionKey key, bool touch, SecretHash secret, Guid? incarnation, out long deadlineMs)
    {
        deadlineMs = 0;
        return sessions.Find(key.Value) is { } session ? Read(ref session.Publication, touch, secret, incarnation, out deadlineMs) : null;
    }

    private SessionState? Read(ref Publication published, bool touch, SecretHash secret, Guid? incarnation, out long deadlineMs)
    {
        SessionState? state = published.Read(store.Epoch);
        long now = store.Time.GetUtcNow().ToUnixTimeMilliseconds();
        long lastUsed = published.LastUsedAtMs;
        long nextUse = touch ? Math.Max(now, lastUsed) : lastUsed;
        deadlineMs = state?.DeadlineMs(nextUse) ?? 0;
        if (state is null
            || published.IsSilentFor(store.LongestSilenceMs, now)
            || now >= state.DeadlineMs(lastUsed)
            || (incarnation != state.Incarnation && state.Judge(secret, now, now) != SecretStanding.Valid)
            || (touch && state.LacksUse(nextUse)))
        {
            return null;
        }

        if (touch)
        {
            published.Touch(now);
            if (published.Read(store.Epoch) != state)
            {
                // The use may have come too late to keep the session alive.
                return null;
            }
        }

        // Checked last: the state was current when it was read if the silo still holds its lease.
        return store.HasLease && !published.IsHidden ? state : null;
    }
}
