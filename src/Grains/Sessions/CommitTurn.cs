using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Stores the commits that wait, together.</summary>
internal sealed class CommitTurn(
    StoredSession session, SessionSettlement settlement, CommitQueue commits, SessionMetrics metrics, SessionLimits limits, bool announceCreation, string silo)
{
    private SessionState Current => session.Current;

    /// <summary>Stores all waiting commits together.</summary>
    public async Task CommitWaitingAsync()
    {
        // Those that are done are the refused ones of an attempt whose write got no answer: what they were told stands.
        PendingCommit[] batch = [.. commits.Waiting.Where(static pending => !pending.IsDone)];
        long now = session.NowMs;
        bool active = session.IsActive(now);
        if (!active && batch.Any(static pending => pending.Commit.BasedOn is null) && !(await settlement.SettleAsync() && await settlement.FinishEndedAsync(now)))
        {
            throw new SessionUnavailableException("An earlier session under this token has ended, and a handler of that event failed. Try again later.");
        }

        SessionState? next = active ? Current : null;
        List<(PendingCommit Pending, AppliedOperation Operation)> applied = [];
        foreach (PendingCommit pending in batch)
        {
            CommitResult? refused = Refuse(pending.Commit, next, now);
            if (refused is null)
            {
                SessionState before = next ?? SessionState.Create(pending.Commit, Current, now, announced: !announceCreation);
                MergeResult merged = CommitMerge.Apply(before.Entries, pending.Commit.Changes, before.Version + 1, limits);
                if (merged.Outcome == CommitOutcome.Applied)
                {
                    next = before.Apply(merged);
                    applied.Add((pending, new() { Id = pending.Commit.OperationId, AtMs = now, Version = next.Version, Numbers = merged.Numbers }));
                    continue;
                }

                refused = new CommitResult { Outcome = merged.Outcome, Violation = merged.Violation, EntryName = merged.EntryName };
            }

            pending.Complete(refused);
        }

        if (applied.Count > 0)
        {
            using Activity? span = SessionTelemetry.Activities.StartActivity("session.commit")?.SetTag("orleans_sessions.commit.batch_size", applied.Count);
            session.Touch(now);
            HashSet<Guid> settled = [.. batch.SelectMany(static pending => pending.Commit.Settled)];
            await session.StoreAsync(next!.Remember([.. applied.Select(static commit => commit.Operation)], settled, now));
            if (!active)
            {
                metrics.Created();
            }

            applied.ForEach(commit => commit.Pending.Complete(Applied(commit.Operation.Version, commit.Operation.Numbers)));
        }
    }

    /// <summary>The answer to a commit that was applied before or can't be applied; null if it is to be merged into the session.</summary>
    private CommitResult? Refuse(SessionCommit commit, SessionState? active, long now)
    {
        if (OperationLog.Find(Current.Operations, commit.OperationId) is { } applied)
        {
            return applied.Version > 0 ? Applied(applied.Version, applied.Numbers) : new CommitResult { Outcome = CommitOutcome.Gone };
        }

        if (commit.Age > TimeSpan.Zero && now - (long)commit.Age.TotalMilliseconds <= Current.OperationsForgottenThroughMs)
        {
            return new CommitResult { Outcome = CommitOutcome.Unknown };
        }

        if ((commit.BasedOn is { } incarnation && incarnation != active?.Incarnation) || (commit.UnlessEnded && active is null && Current.Status != SessionStatus.None))
        {
            return new CommitResult { Outcome = CommitOutcome.Gone };
        }

        return commit.BasedOnVersion is { } version && version != (active?.Version ?? 0) ? new CommitResult { Outcome = CommitOutcome.Conflict } : null;
    }

    private CommitResult Applied(long version, long[]? numbers) => new()
    {
        Outcome = CommitOutcome.Applied,
        Version = version,
        Incarnation = Current.Incarnation,
        Numbers = numbers is null ? [] : [.. numbers],
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(session.DeadlineMs),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(Current.CreatedAtMs),
        Silo = silo,
    };
}
