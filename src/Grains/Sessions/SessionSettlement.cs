using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// What happens to a session beside its callers' wishes: its creation and its end are announced, a rotation is confirmed, its deadline passes, its tombstone is
/// removed. All of it runs in the session's turn, and all of it can be done again after a crash.
/// </summary>
internal sealed class SessionSettlement(StoredSession session, SessionEvents events, SessionMetrics metrics, IGrainFactory grains, string key)
{
    /// <summary>How long after a handler's failure the event is delivered again.</summary>
    public const long RetryAfterMs = 10_000;

    private SessionState Current => session.Current;

    /// <summary>Whether something was promised when a call was answered and is still to be done.</summary>
    public bool IsDue =>
        Current is { Status: SessionStatus.Active, CreationAnnounced: false, Provisional: false }
            or { Status: SessionStatus.Ending }
            or { Status: SessionStatus.Tombstone, Ending.HandoverPending: true };

    /// <summary>Does what was promised when a call was answered. False if a handler failed and has to be called again later.</summary>
    public async Task<bool> SettleAsync()
    {
        long now = session.NowMs;
        if (!IsDue)
        {
            if (session.IsActive(now) && session.HasUnsavedTouch)
            {
                await session.StoreAsync(Current);
            }

            return true;
        }

        switch (Current.Status)
        {
            case SessionStatus.Ending:
                return await FinishEndedAsync(now);
            case SessionStatus.Tombstone:
                SessionEnding ending = Current.Ending!;
                await grains.GetGrain<ISessionHandoverGrain>(ending.MovedTo!).ConfirmAsync(Current.Incarnation);
                session.Amend(Current with { Ending = ending with { HandoverPending = false } });
                return true;
            default:
                return await AnnounceCreationAsync();
        }
    }

    /// <summary>
    /// Delivers the end of a session that is destroyed or past its deadline, and then drops its entries. The order is what makes the event reliable:
    /// after a crash the state is still there, and the event is delivered again. False if a handler failed.
    /// </summary>
    public async Task<bool> FinishEndedAsync(long now)
    {
        if (Current.Status is SessionStatus.None or SessionStatus.Tombstone)
        {
            return true;
        }

        EndReason reason = Current.Ending?.Reason ?? Current.ExpiryReason(session.LastUsedAtMs);
        if (events.HasHandlers && await IsTheSessionAsync())
        {
            var ended = new SessionEnded(key, Current.Incarnation, reason, Current.Entries, DateTimeOffset.FromUnixTimeMilliseconds(Current.CreatedAtMs));
            if (!await AnnounceCreationAsync() || !await events.EndedAsync(ended))
            {
                return false;
            }
        }

        if (Current.Ending is { } ending)
        {
            await session.StoreAsync(Current.Buried(ending));
        }
        else
        {
            bool counts = !Current.Provisional;

            // Expired: nothing that is based on it can be mistaken for a new session. Only a commit that created it could be repeated, for a while.
            long removeAt = Current.Operations.IsEmpty ? 0 : Current.Operations[^1].AtMs + OperationLog.RetentionMs;
            await (now < removeAt ? session.StoreAsync(Current.Buried(new() { Reason = reason, RemoveAtMs = removeAt })) : session.RemoveAsync());
            if (counts)
            {
                metrics.Ended(reason);
            }
        }

        return true;
    }

    /// <summary>Ends what is over and removes what is left of it. Answers when to ask again, in Unix milliseconds; null if nothing is left.</summary>
    public async Task<long?> ExpireAsync(long indexedDeadlineMs)
    {
        long now = session.NowMs;
        bool settled = await SettleAsync();
        if (Current.Status == SessionStatus.Active && !session.IsActive(now))
        {
            settled = await FinishEndedAsync(now);
        }

        if (settled && Current.Status == SessionStatus.Tombstone && now >= Current.Ending!.RemoveAtMs)
        {
            await session.RemoveAsync();
        }

        if (Current.Status == SessionStatus.None)
        {
            await session.UnscheduleAsync(indexedDeadlineMs);
            return null;
        }

        if (session.IsActive(now) && session.HasUnsavedChange)
        {
            // The index must not name a later deadline than the stored one: after a crash, the sweep would come too late.
            await session.StoreAsync(Current);
        }

        long due = !settled ? now + RetryAfterMs
            : Current.Status == SessionStatus.Tombstone ? Current.Ending!.RemoveAtMs
            : session.DeadlineMs;
        if (due != indexedDeadlineMs)
        {
            await session.RescheduleAsync(due);
        }

        return due;
    }

    /// <summary>False for the copy of a rotation that did not come to pass: its end is nobody's event.</summary>
    private async Task<bool> IsTheSessionAsync() =>
        !Current.Provisional || await grains.GetGrain<ISessionHandoverGrain>(Current.MovedFrom!).HasMovedAsync(key, Current.Incarnation);

    private async Task<bool> AnnounceCreationAsync()
    {
        if (!Current.CreationAnnounced)
        {
            if (!await events.CreatedAsync(new SessionCreated(key, Current.Incarnation, DateTimeOffset.FromUnixTimeMilliseconds(Current.CreatedAtMs))))
            {
                return false;
            }

            // Stored with the next write; a crash before it repeats the event.
            session.Amend(Current with { CreationAnnounced = true });
        }

        return true;
    }
}
