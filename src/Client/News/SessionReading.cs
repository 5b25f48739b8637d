using OrleansSessions.Contracts;

namespace OrleansSessions.Client.News;

/// <summary>What a watch has read of its session. Holds no later reading, so a slow listener keeps nothing alive but this one.</summary>
/// <param name="isRead">Whether there was an answer yet.</param>
/// <param name="session">The session; null: there is none.</param>
internal sealed class SessionReading(bool isRead, SessionDescription? session)
{
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsRead => isRead;

    public SessionDescription? Session => session;

    /// <summary>Completes when the watch has read something else.</summary>
    public Task Superseded => _superseded.Task;

    public void Supersede() => _superseded.TrySetResult();

    /// <summary>Whether the answer says the same as this. Use of a session is no change.</summary>
    public bool Says(SessionDescription? answer) => isRead && session?.Incarnation == answer?.Incarnation && session?.Version == answer?.Version;
}
