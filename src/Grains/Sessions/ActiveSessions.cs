using System.Collections.Concurrent;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>The sessions that are active in this silo's memory, by their keys.</summary>
internal sealed class ActiveSessions(SessionMetrics metrics)
{
    private readonly ConcurrentDictionary<IdSpan, StoredSession> _sessions = new();

    /// <summary>Finds the session of a key; null: it is not active here.</summary>
    public StoredSession? Find(string key) => _sessions.GetValueOrDefault(IdSpan.Create(key));

    public void Add(StoredSession session)
    {
        _sessions[session.Id.Key] = session;
        metrics.Activated();
    }

    /// <summary>Removes a session, unless a later activation has taken its place.</summary>
    public void Remove(StoredSession session)
    {
        _sessions.TryRemove(new KeyValuePair<IdSpan, StoredSession>(session.Id.Key, session));
        metrics.Deactivated();
    }
}
