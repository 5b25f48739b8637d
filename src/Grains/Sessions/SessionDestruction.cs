using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Destruction of sessions at a caller's request.</summary>
internal sealed class SessionDestruction(SessionEvents events, UserIndex users, SessionMetrics metrics)
{
    /// <summary>Ends the session. Returns false if that incarnation, or any session, is not here.</summary>
    public async Task<bool> DestroyAsync(StoredSession session, Guid? incarnation, EndReason reason, SessionOperation? operation, string? actor = null)
    {
        SessionState current = session.Current;
        long now = session.NowMs;
        long until = OperationLog.DeadlineMs(operation?.Deadline, TimeSpan.Zero, now);
        if (operation is not null && OperationLog.Find(current.Operations, operation.Id) is not null)
        {
            // An earlier attempt ended it; the present session is a later one.
            return true;
        }

        if (now > until || OperationLog.MayBeForgotten(until, current.OperationsForgottenThroughMs, now))
        {
            // False would mean that there is no session. Only a caller with a wrong clock still waits for the answer.
            throw new SessionUnavailableException(
                "The session was not ended: the call arrived after its deadline. If this happens often, synchronize the clocks of frontends and silos.");
        }

        if (incarnation is not null && incarnation != current.Incarnation)
        {
            return false;
        }

        if (incarnation is null && session.IsActive(now) && !current.Secret.IsNone)
        {
            metrics.TokenRefused(SecretStanding.Missing);
            return false;
        }

        if (!session.IsActive(now))
        {
            // True for a retry of the call that destroyed this incarnation.
            return incarnation is not null && current.Ending is { MovedTo: null } earlier && (operation is null || earlier.OperationId == operation.Id);
        }

        AppliedOperation[] ended = operation is null ? [] : [new AppliedOperation { Id = operation.Id, UntilMs = until, Version = 0 }];
        SessionState last = current.Remember(ended, [], now);
        SessionEnding ending = new()
        {
            Reason = reason,
            RemoveAtMs = Math.Max(session.TombstoneUntilMs(now), OperationLog.LastDeadlineMs(last.Operations)),
            OperationId = operation?.Id,
            Actor = events.HasHandlers ? SessionActor.Clean(operation?.Actor ?? actor) : null,
        };
        await session.StoreAsync(events.HasHandlers ? last.Ended(ending) : last.ToTombstone(ending));
        metrics.Ended(reason);
        users.Leave(session.Key, current.SignedIn, reason);
        return true;
    }

    /// <summary>Ends the session if it is signed in as the user.</summary>
    public Task<bool> DestroyOfUserAsync(StoredSession session, string user, EndReason reason, string? actor) =>
        session.IsActive(session.NowMs) && session.Current.SignedIn?.Identity.Names(user) == true
            ? DestroyAsync(session, session.Current.Incarnation, reason, operation: null, actor)
            : Task.FromResult(false);

    /// <summary>Ends the session if it still has the version that its caller has seen.</summary>
    public Task<bool> DestroyUnchangedAsync(StoredSession session, Guid incarnation, long version, SessionOperation operation)
    {
        bool decides = session.Current.Version == version
            || !session.IsActive(session.NowMs)
            || OperationLog.Find(session.Current.Operations, operation.Id) is not null;
        return decides ? DestroyAsync(session, incarnation, EndReason.Destroyed, operation) : Task.FromResult(false);
    }
}
