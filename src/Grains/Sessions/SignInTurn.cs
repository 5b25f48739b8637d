using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Commits that sign a session in. The session is listed first, outside its turn, because the list may have to wait for other sessions' turns: a session that waited for
/// the list in its own could wait for itself. Whoever ends the user's sessions meanwhile cancels the sign-in.
/// </summary>
internal sealed class SignInTurn(CommitTurn commits, CommitAnswers answers, UserIndex users, SessionMetrics metrics)
{
    public async ValueTask<CommitResult> CommitAsync(SessionTurn turn, SessionCommit commit)
    {
        CommitValidation.Validate(commit);
        long started = Stopwatch.GetTimestamp();
        StoredSession session = turn.Session;
        PendingSignIn? signIn = null;
        try
        {
            CommitResult? refused;
            try
            {
                await turn.EnsureKnownAsync();
                signIn = turn.SignIns.Begin(commit.SignIn!, commit.OperationId);
                refused = signIn.IsCancelled ? new CommitResult { Outcome = CommitOutcome.Gone } : await RefuseAsync(session, commit);
            }
            catch (Exception exception)
            {
                metrics.Committed(Outcomes.Of(exception), started);
                throw;
            }

            if (refused is not null)
            {
                metrics.Committed(Outcomes.Of(refused.Outcome), started);
                return refused;
            }

            CommitResult result = await commits.CommitAsync(turn, commit, signIn);
            if (result.Outcome == CommitOutcome.Applied && signIn.Replaced is { } replaced && replaced.Identity.User != signIn.User)
            {
                users.Leave(session.Key, replaced, EndReason.Destroyed);
            }

            if (result.Outcome != CommitOutcome.Applied)
            {
                await users.WithdrawAsync(session, signIn);
            }

            return result;
        }
        finally
        {
            if (signIn is not null)
            {
                turn.SignIns.End(signIn);
            }
        }
    }

    /// <summary>Lists the session, or returns why it can't be signed in. A repetition of an applied commit must not be listed again: its session may have ended.</summary>
    private async Task<CommitResult?> RefuseAsync(StoredSession session, SessionCommit commit)
    {
        long now = session.NowMs;
        CommitResult? refused = answers.Refuse(session, commit, session.IsActive(now) ? session.Current : null, now);
        if (refused is null)
        {
            RegistrationOutcome outcome = await users.RegisterAsync(session, commit, now);
            refused = outcome switch
            {
                RegistrationOutcome.Registered => null,
                RegistrationOutcome.TooManySessions => new CommitResult { Outcome = CommitOutcome.TooManySessions },
                RegistrationOutcome.TooLate => new CommitResult { Outcome = CommitOutcome.Unknown },
                _ => new CommitResult { Outcome = CommitOutcome.Gone },
            };
        }

        await session.EnsureLeaseAsync();
        return session.IsLeaving
            ? throw new SessionOwnershipException("The session's activation ended while it was being signed in. Retry the call.")
            : refused;
    }
}
