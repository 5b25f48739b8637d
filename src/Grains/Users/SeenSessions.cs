using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>What the grains of listed sessions have told of them.</summary>
internal sealed class SeenSessions
{
    private readonly Dictionary<string, long> _lastUsedMs = new(StringComparer.Ordinal);
    private readonly HashSet<RegisteredSession> _gone = [];

    /// <summary>Registrations whose session neither is the user's nor will be.</summary>
    public IReadOnlySet<RegisteredSession> Gone => _gone;

    public void Add(RegisteredSession session, FoundSession found)
    {
        if (found.IsGone)
        {
            _gone.Add(session);
        }
        else if (found.Description is { } description)
        {
            _lastUsedMs[session.SessionKey] = description.LastUsedAt.ToUnixTimeMilliseconds();
        }
    }

    /// <summary>The last use of a session. One that is just being signed in was used when that began.</summary>
    public long LastUsedMs(RegisteredSession session) => Math.Max(session.SignedInAtMs, _lastUsedMs.GetValueOrDefault(session.SessionKey));
}
