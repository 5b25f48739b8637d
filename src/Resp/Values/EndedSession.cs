using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Session that had ended elsewhere when a client wrote or ended it.</summary>
/// <param name="User">The entry that named its user.</param>
/// <param name="At">When the client wrote or ended it.</param>
internal sealed record EndedSession(SessionEntry User, DateTimeOffset At)
{
    /// <summary>Longer than PHP takes between giving up one id of a session and writing under the next; shorter than most people take to sign in again.</summary>
    private static readonly TimeSpan MaxMove = TimeSpan.FromSeconds(5);

    /// <summary>Whether what the client does now may still continue the session.</summary>
    public bool MayMove(DateTimeOffset now) => now - At < MaxMove;
}
