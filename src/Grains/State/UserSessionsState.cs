using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Stored list of a user's sessions, in the order of their registration. Immutable.</summary>
internal sealed record UserSessionsState
{
    /// <summary>The state of a user without sessions.</summary>
    public static readonly UserSessionsState None = new();

    /// <summary>The number of the latest registration.</summary>
    public long LastNumber { get; init; }

    public ImmutableArray<RegisteredSession> Sessions { get; init; } = [];

    /// <summary>The number of sessions that count to the limit.</summary>
    public int Counted => Sessions.Count(static session => session.Counts);

    /// <summary>Finds a session by its key, or else by the one that it moved from, which another session may have by now.</summary>
    public RegisteredSession? Find(string sessionKey) =>
        Sessions.FirstOrDefault(session => session.SessionKey == sessionKey) ?? Sessions.FirstOrDefault(session => session.MovedFrom == sessionKey);

    /// <summary>Finds a session under any of its keys by its sign-in.</summary>
    public RegisteredSession? Find(string sessionKey, Guid signInId) =>
        Sessions.FirstOrDefault(session => session.SessionKey == sessionKey || (session.MovedFrom == sessionKey && session.SignInId == signInId));

    /// <summary>Forgets that a session moved from a key, which another session has now. It may still be under that key: then its entry is one of no session.</summary>
    public UserSessionsState Separate(string sessionKey) => Sessions.FirstOrDefault(session => session.MovedFrom == sessionKey) is { } moved
        ? Replace(moved, moved with { MovedFrom = null })
        : this;

    /// <summary>Adds a session, with the next number.</summary>
    public UserSessionsState Add(RegisteredSession session) =>
        this with { LastNumber = LastNumber + 1, Sessions = Sessions.Add(session with { Number = LastNumber + 1 }) };

    public UserSessionsState Replace(RegisteredSession session, RegisteredSession by) => this with { Sessions = Sessions.SetItem(Sessions.IndexOf(session), by) };

    /// <summary>Returns whether a session is one of those, or stands beside one of them.</summary>
    public bool IsOneOrBeside(RegisteredSession session, Func<RegisteredSession, bool> which) =>
        which(session) || (session.Beside is { } own && Find(own) is { } beginner && which(beginner));

    /// <summary>Marks sessions as being ended, and those that stand beside them.</summary>
    public UserSessionsState End(Func<RegisteredSession, bool> which, EndReason reason, string? actor = null)
    {
        bool Ends(RegisteredSession session) => !session.IsEnding && IsOneOrBeside(session, which);
        return Sessions.Any(Ends)
            ? this with { Sessions = ImmutableArray.CreateRange(Sessions, session => Ends(session) ? session with { Ending = reason, EndingActor = actor } : session) }
            : this;
    }

    /// <summary>Removes sessions, unless they have changed.</summary>
    public UserSessionsState Remove(IReadOnlySet<RegisteredSession> sessions)
    {
        ImmutableArray<RegisteredSession> left = Sessions.RemoveAll(sessions.Contains);
        return left.Length == Sessions.Length ? this : this with { Sessions = left };
    }
}
