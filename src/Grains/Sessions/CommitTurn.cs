using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Stores the commits that wait in a session's turn, together.</summary>
internal sealed class CommitTurn(SessionSettlement settlement, SessionMetrics metrics, SessionLimits limits, bool announceCreation, string silo, LimitLog limitLog)
{
    /// <summary>
    /// Creates a session for a commit that wants one whatever was there, without asking Redis first what was: the write says that nothing was, and Redis refuses it
    /// otherwise. False if the session has to be read after all, because there is one, or because Redis did not answer; the commit then waits as before.
    /// </summary>
    public async Task<bool> TryCreateAsync(StoredSession session, PendingCommit pending)
    {
        SessionCommit commit = pending.Commit;
        bool mayCreate = !session.IsBeingRead && session.Current.Status == SessionStatus.None && pending.Next is null
            && commit is { BasedOn: null, BasedOnVersion: null or 0 } && commit.Age <= TimeSpan.Zero;
        long now = session.NowMs;
        if (!mayCreate || now > OperationLog.DeadlineMs(commit.Deadline, commit.Age, now))
        {
            return false;
        }

        if (!TryMerge(pending, SessionState.Create(commit, SessionState.None, now, announced: !announceCreation), now, out SessionState? created, out _, out _))
        {
            // What it is to be told depends on what is there.
            return false;
        }

        using Activity? span = StartSpan(1);
        session.Touch(now);
        if (!await session.TryCreateAsync(created.Remember([pending.Operation!.Value], commit.Settled.AsSpan(), now)))
        {
            return false;
        }

        metrics.Created();
        pending.Complete(Applied(session, pending.Operation.Value));
        return true;
    }

    /// <summary>Stores all waiting commits together. False: none of them was to be stored.</summary>
    public async Task<bool> StoreWaitingAsync(StoredSession session, PendingCommit? first)
    {
        long now = session.NowMs;
        bool active = session.IsActive(now);
        if (!active && WantsSession(first) && !(await settlement.SettleAsync(session) && await settlement.FinishEndedAsync(session, now)))
        {
            throw new SessionUnavailableException("An earlier session under this token has ended, and a handler of that event failed. Try again later.");
        }

        SessionState? next = active ? session.Current : null;
        bool isUse = !active;
        int applied = 0;
        for (PendingCommit? pending = first; pending is not null; pending = pending.Next)
        {
            pending.Operation = null;
            if (pending.IsDone)
            {
                // Refused in an attempt whose write got no answer: what it was told stands.
                continue;
            }

            CommitResult? refused = Refuse(session, pending.Commit, next, now);
            if (refused is null)
            {
                SessionState before = next ?? SessionState.Create(pending.Commit, session.Current, now, announced: !announceCreation);
                if (TryMerge(pending, before, now, out SessionState? merged, out bool keepsDeadline, out refused))
                {
                    next = merged;
                    isUse |= !keepsDeadline;
                    applied++;
                    continue;
                }
            }

            if (refused.Violation is { } violation)
            {
                limitLog.Refused(session.Key, violation);
            }

            pending.Complete(refused);
        }

        if (applied == 0)
        {
            return false;
        }

        using Activity? span = StartSpan(applied);
        if (isUse)
        {
            session.Touch(now);
        }

        await session.StoreAsync(Remember(next!, first!, applied, now));
        if (!active)
        {
            metrics.Created();
        }

        for (PendingCommit? pending = first; pending is not null; pending = pending.Next)
        {
            if (pending.Operation is { } operation)
            {
                pending.Complete(Applied(session, operation));
            }
        }

        return true;
    }

    private static Activity? StartSpan(int commits) =>
        SessionTelemetry.Activities.StartActivity("session.commit")?.SetTag("orleans_sessions.commit.batch_size", commits);

    /// <summary>Whether one of the commits wants a session whatever was there.</summary>
    private static bool WantsSession(PendingCommit? first)
    {
        PendingCommit? pending = first;
        while (pending is not null && (pending.IsDone || pending.Commit.BasedOn is not null))
        {
            pending = pending.Next;
        }

        return pending is not null;
    }

    private static SessionState Remember(SessionState state, PendingCommit first, int applied, long now)
    {
        if (first.Next is null)
        {
            return state.Remember([first.Operation!.Value], first.Commit.Settled.AsSpan(), now);
        }

        var operations = new AppliedOperation[applied];
        List<Guid> settled = [];
        int count = 0;
        for (PendingCommit? pending = first; pending is not null; pending = pending.Next)
        {
            settled.AddRange(pending.Commit.Settled);
            if (pending.Operation is { } operation)
            {
                operations[count++] = operation;
            }
        }

        return state.Remember(operations, settled.ToArray(), now);
    }

    /// <summary>Applies a commit to a state; if that is refused, says why.</summary>
    private bool TryMerge(
        PendingCommit pending,
        SessionState before,
        long now,
        [NotNullWhen(true)] out SessionState? merged,
        out bool keepsDeadline,
        [NotNullWhen(false)] out CommitResult? refused)
    {
        MergeResult result = CommitMerge.Apply(before.Packed, pending.Commit.Changes, before.Version + 1, limits, before.Shape);
        keepsDeadline = result.KeepsDeadline;
        if (result.Outcome != CommitOutcome.Applied)
        {
            merged = null;
            refused = new CommitResult { Outcome = result.Outcome, Violation = result.Violation, EntryName = result.EntryName };
            return false;
        }

        refused = null;
        merged = result.ApplyTo(before, now);
        pending.Operation = new AppliedOperation
        {
            Id = pending.Commit.OperationId,
            UntilMs = OperationLog.DeadlineMs(pending.Commit.Deadline, pending.Commit.Age, now),
            Version = merged.Version,
            Numbers = result.Numbers,
        };
        return true;
    }

    /// <summary>The answer to a commit that was applied before or can't be applied; null if it is to be merged into the session.</summary>
    private CommitResult? Refuse(StoredSession session, SessionCommit commit, SessionState? active, long now)
    {
        SessionState current = session.Current;
        if (OperationLog.Find(current.Operations, commit.OperationId) is { } applied)
        {
            return applied.Version > 0 ? Applied(session, applied) : new CommitResult { Outcome = CommitOutcome.Gone };
        }

        long deadline = OperationLog.DeadlineMs(commit.Deadline, commit.Age, now);
        if (now > deadline || OperationLog.MayBeForgotten(deadline, current.OperationsForgottenThroughMs, now))
        {
            return new CommitResult { Outcome = CommitOutcome.Unknown };
        }

        if ((commit.BasedOn is { } incarnation && incarnation != active?.Incarnation) || (commit.UnlessEnded && active is null && current.Status != SessionStatus.None))
        {
            return new CommitResult { Outcome = CommitOutcome.Gone };
        }

        return commit.BasedOnVersion is { } version && version != (active?.Version ?? 0) ? new CommitResult { Outcome = CommitOutcome.Conflict } : null;
    }

    private CommitResult Applied(StoredSession session, in AppliedOperation operation) => new()
    {
        Outcome = CommitOutcome.Applied,
        Version = operation.Version,
        Incarnation = session.Current.Incarnation,
        Numbers = operation.Numbers is { } numbers ? [.. numbers] : [],
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(session.DeadlineMs),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(session.Current.CreatedAtMs),
        Silo = silo,
    };
}
