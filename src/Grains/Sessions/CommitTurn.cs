using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Group commit: stores the waiting commits together in a session's turn.</summary>
internal sealed class CommitTurn(CommitAnswers answers, SessionSettlement settlement, CommitEvents events, SessionMetrics metrics, LimitLog limitLog)
{
    /// <summary>Stores a commit, with those waiting for the same session, and answers it.</summary>
    /// <param name="turn">The session's turn.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="signIn">The sign-in that it is, which is listed with its user.</param>
    public async ValueTask<CommitResult> CommitAsync(SessionTurn turn, SessionCommit commit, PendingSignIn? signIn = null)
    {
        CommitValidation.Validate(commit);
        StoredSession session = turn.Session;

        // Validate here, so that a bad deadline fails only its own commit and not those stored with it.
        _ = OperationLog.DeadlineMs(commit.Deadline, commit.Age, session.NowMs);
        long started = Stopwatch.GetTimestamp();
        string outcome = Outcomes.Error;
        await session.EnsureLeaseAsync();
        PendingCommit own = turn.Enqueue(commit);
        own.SignIn = signIn;
        await turn.WaitAsync(commit.OperationId);
        try
        {
            await session.EnsureLeaseAsync();
            if (!own.IsDone && session.Knowledge == StateKnowledge.Unread && await TryCreateAsync(session, turn.FirstCommit!))
            {
                turn.RequestSettlingIfNeeded();
            }

            if (session.Knowledge == StateKnowledge.Unread && commit.BasedOn is null && commit.Age > TimeSpan.Zero)
            {
                // The first attempt may be on its way to Redis without this grain: see SessionCreation.
                session.SuspectWrite();
            }

            if (!own.IsDone)
            {
                await turn.RunInTurnAsync(static (session, call) => call.Commits.StoreWaitingAsync(session, call.Turn.FirstCommit), (Commits: this, Turn: turn));
            }

            CommitResult result = own.Answer();
            await session.EnsureLeaseAsync();
            outcome = Outcomes.Of(result.Outcome);
            if (result.Outcome == CommitOutcome.Gone)
            {
                metrics.LateWriteRefused("commit");
            }

            return result;
        }
        catch (Exception exception)
        {
            outcome = Outcomes.Of(exception);
            if (!own.IsDone)
            {
                own.Fail(exception);
            }

            throw;
        }
        finally
        {
            metrics.Committed(outcome, started);
            turn.DropDoneCommits();
            turn.Release();
        }
    }

    /// <summary>
    /// Creates a session for a commit that does not depend on the stored state, without reading Redis first: the write requires that nothing is stored, or Redis refuses
    /// it. Returns false if the session must be read after all, because it exists or Redis did not answer; the commit then waits as usual.
    /// </summary>
    private async Task<bool> TryCreateAsync(StoredSession session, PendingCommit pending)
    {
        long now = session.NowMs;
        bool mayCreate = !session.IsBeingRead && session.Current.Status == SessionStatus.None && pending.Next is null;
        if (!mayCreate || answers.TryCreate(pending, now) is not { } created)
        {
            return false;
        }

        using Activity? span = StartSpan(1);
        session.Touch(now);
        if (!await session.TryCreateAsync(created))
        {
            return false;
        }

        metrics.Created();
        pending.Complete(answers.Applied(session.Current, session.DeadlineMs, pending.Operation!.Value, pending.Commit));
        return true;
    }

    /// <summary>Stores all waiting commits together. Returns false if none needed to be stored.</summary>
    private async Task<bool> StoreWaitingAsync(StoredSession session, PendingCommit? first)
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
                // Refused in an attempt whose write got no answer: the refusal stands.
                continue;
            }

            CommitResult? refused = answers.Refuse(session, pending.Commit, next, now)
                ?? (pending.SignIn is { IsCancelled: true } ? new CommitResult { Outcome = CommitOutcome.Gone } : null);
            if (refused is null)
            {
                SessionState before = next ?? answers.Create(pending.Commit, session.Current, now);
                if (answers.TryMerge(pending, before, now, out SessionState? merged, out bool keepsDeadline, out refused))
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
                pending.Complete(answers.Applied(session.Current, session.DeadlineMs, operation, pending.Commit));
            }
        }

        await events.StoredAsync(session, first, now);
        return true;
    }

    /// <summary>Starts the span of a write that stores commits.</summary>
    public static Activity? StartSpan(int commits) =>
        SessionTelemetry.Activities.StartActivity("session.commit")?.SetTag("orleans_sessions.commit.batch_size", commits);

    /// <summary>Whether one of the commits creates a session regardless of the stored state.</summary>
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
}
