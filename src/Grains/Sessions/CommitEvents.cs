using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Events of stored commits: sign-ins and rotations.</summary>
internal sealed class CommitEvents(SessionEvents events)
{
    /// <summary>Tells handlers of those commits, of the given and the ones after it, that were stored just now.</summary>
    public ValueTask StoredAsync(StoredSession session, PendingCommit? first, long nowMs) => events.HasHandlers ? TellAsync(session, first, nowMs) : ValueTask.CompletedTask;

    /// <summary>Tells handlers that a session has moved to another key, because its token was replaced.</summary>
    public async ValueTask MovedAsync(string key, string newKey, SessionState moved, long nowMs)
    {
        if (events.HasHandlers)
        {
            await events.RotatedAsync(Rotated(key, moved, DateTimeOffset.FromUnixTimeMilliseconds(nowMs)) with { MovedTo = newKey });
        }
    }

    private async ValueTask TellAsync(StoredSession session, PendingCommit? first, long nowMs)
    {
        SessionState current = session.Current;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        for (PendingCommit? pending = first; pending is not null; pending = pending.Next)
        {
            if (pending.Operation is null)
            {
                continue;
            }

            if (pending.SignIn is not null && current.SignedIn is { } signedIn && signedIn.SignInId == pending.Commit.OperationId)
            {
                await events.SignedInAsync(new SessionSignedIn(session.Key, current.Incarnation, signedIn.Identity, now)
                {
                    IsStepUp = pending.SignIn.Replaced is { } before && signedIn.IsStepUpFrom(before),
                });
            }

            if (pending.Commit.Rotation is not null)
            {
                await events.RotatedAsync(Rotated(session.Key, current, now));
            }
        }
    }

    private static SessionRotated Rotated(string key, SessionState state, DateTimeOffset at) =>
        new(key, state.Incarnation, at) { User = state.SignedIn?.Identity.User, ImpersonatedBy = state.SignedIn?.Identity.ImpersonatedBy };
}
