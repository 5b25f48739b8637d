using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Background duties of a session: announce its creation and its end, confirm a rotation, expire at its deadline, remove its tombstone. They run in the session's turn
/// and can be repeated after a crash.
/// </summary>
internal sealed class SessionSettlement(SessionEvents events, UserIndex users, SessionMetrics metrics, IGrainFactory grains)
{
    /// <summary>Time until an event is delivered again after a handler failed.</summary>
    public const long RetryAfterMs = 10_000;

    /// <summary>Whether work promised with an answer is still to be done.</summary>
    public static bool IsDue(SessionState current) =>
        current is { Status: SessionStatus.Active, CreationAnnounced: false, Provisional: false }
            or { Status: SessionStatus.Ending }
            or { Status: SessionStatus.Tombstone, Ending.HandoverPending: true };

    /// <summary>Does the work promised with an answer. Returns false if a handler failed and must be called again later.</summary>
    public async Task<bool> SettleAsync(StoredSession session)
    {
        long now = session.NowMs;
        if (!IsDue(session.Current))
        {
            if (session.IsActive(now) && session.HasUnsavedTouch)
            {
                await session.StoreAsync(session.Current);
            }

            return true;
        }

        switch (session.Current.Status)
        {
            case SessionStatus.Ending:
                return await FinishEndedAsync(session, now);
            case SessionStatus.Tombstone:
                SessionEnding ending = session.Current.Ending!;
                await grains.GetGrain<ISessionHandoverGrain>(ending.MovedTo!).ConfirmAsync(session.Current.Incarnation);
                session.Amend(session.Current with { Ending = ending with { HandoverPending = false } });
                return true;
            default:
                return await AnnounceCreationAsync(session);
        }
    }

    /// <summary>
    /// Delivers the end of a session that is destroyed or past its deadline, and then drops its entries. This order makes the event reliable: after a crash the state is
    /// still there, and the event is delivered again. Returns false if a handler failed.
    /// </summary>
    public async Task<bool> FinishEndedAsync(StoredSession session, long now)
    {
        if (session.Current.Status is SessionStatus.None or SessionStatus.Tombstone)
        {
            return true;
        }

        EndReason reason = session.Current.Ending?.Reason ?? session.Current.ExpiryReason(session.LastUsedAtMs);
        if (events.HasHandlers && await IsTheSessionAsync(session))
        {
            SessionState last = session.Current;
            var ended = new SessionEnded(session.Key, last.Incarnation, reason, last.Unpack(), DateTimeOffset.FromUnixTimeMilliseconds(last.CreatedAtMs))
            {
                User = last.SignedIn?.Identity.User,
                ImpersonatedBy = last.SignedIn?.Identity.ImpersonatedBy,
                Actor = last.Ending?.Actor ?? SessionActor.Of(reason),
            };
            if (!await AnnounceCreationAsync(session) || !await events.EndedAsync(ended))
            {
                return false;
            }
        }

        if (session.Current.Ending is { } ending)
        {
            await session.StoreAsync(session.Current.ToTombstone(ending));
        }
        else
        {
            bool counts = !session.Current.Provisional;
            SignedIn? signedIn = session.Current.SignedIn;

            // Expired: a commit based on it can't be mistaken for a new session. Only the commit that created it could be retried, until its deadline.
            // And a dead silo's late first write of it could be accepted.
            long removeAt = Math.Max(OperationLog.LastDeadlineMs(session.Current.Operations), session.LateCreationUntilMs(now));
            await (now < removeAt ? session.StoreAsync(session.Current.ToTombstone(new() { Reason = reason, RemoveAtMs = removeAt })) : session.RemoveAsync());
            if (counts)
            {
                metrics.Ended(reason);
                users.Leave(session.Key, signedIn, reason);
            }
        }

        return true;
    }

    /// <summary>Ends an expired session and removes what is left of it. Returns when to ask again, in Unix milliseconds; null if nothing is left.</summary>
    public async Task<long?> ExpireAsync(StoredSession session, long indexedDeadlineMs)
    {
        long now = session.NowMs;
        bool settled = await SettleAsync(session);
        if (session.Current.Status == SessionStatus.Active && !session.IsActive(now))
        {
            settled = await FinishEndedAsync(session, now);
        }

        long removeAt = Math.Max(session.Current.Ending?.RemoveAtMs ?? 0, session.LateCreationUntilMs(now));
        if (settled && session.Current.Status == SessionStatus.Tombstone && now >= removeAt)
        {
            await session.RemoveAsync();
        }

        if (session.Current.Status == SessionStatus.None)
        {
            await session.UnscheduleAsync(indexedDeadlineMs);
            return null;
        }

        if (session.IsActive(now) && session.HasUnsavedChange)
        {
            await session.StoreAsync(session.Current);
        }

        // The index must not have a later deadline than the stored one: after a crash, the sweep would be too late.

        long due = !settled ? now + RetryAfterMs
            : session.Current.Status == SessionStatus.Tombstone ? removeAt
            : session.Current.DeadlineMs(session.Current.LastUsedAtMs);
        if (due != indexedDeadlineMs)
        {
            await session.RescheduleAsync(due);
        }

        return due;
    }

    /// <summary>False for the copy of a rotation that was not completed: its end raises no event.</summary>
    private async Task<bool> IsTheSessionAsync(StoredSession session) =>
        !session.Current.Provisional || await grains.GetGrain<ISessionHandoverGrain>(session.Current.MovedFrom!).HasMovedAsync(session.Key, session.Current.Incarnation);

    private async Task<bool> AnnounceCreationAsync(StoredSession session)
    {
        if (!session.Current.CreationAnnounced)
        {
            var created = new SessionCreated(session.Key, session.Current.Incarnation, DateTimeOffset.FromUnixTimeMilliseconds(session.Current.CreatedAtMs))
            {
                ImpersonatedBy = session.Current.SignedIn?.Identity.ImpersonatedBy,
            };
            if (!await events.CreatedAsync(created))
            {
                return false;
            }

            // Stored with the next write; a crash before it repeats the event.
            session.Amend(session.Current with { CreationAnnounced = true });
        }

        return true;
    }
}
