using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Decision on one commit at a time: already applied, refused, or merged into the session.</summary>
internal sealed class CommitAnswers(SessionEvents events, SessionMetrics metrics, ILocalSiloDetails silo, IOptions<SessionClusterOptions> options)
{
    /// <summary>Creates the session for a commit, under a key that held <paramref name="before"/>.</summary>
    public SessionState Create(SessionCommit commit, SessionState before, long now) => SessionState.Create(commit, before, now, announced: !events.HasHandlers);

    /// <summary>
    /// Returns the first state of a session for a commit that can be answered without knowing what is stored, if nothing is; null: the answer depends on it, or on a user's
    /// list.
    /// </summary>
    public SessionState? TryCreate(PendingCommit pending, long now)
    {
        SessionCommit commit = pending.Commit;
        return commit is { BasedOn: null, BasedOnVersion: null or 0, SignIn: null }
            && commit.Age <= TimeSpan.Zero
            && now <= OperationLog.DeadlineMs(commit.Deadline, commit.Age, now)
            && TryMerge(pending, Create(commit, SessionState.None, now), now, out SessionState? created, out _, out _)
            ? created.Remember([pending.Operation!.Value], commit.Settled.AsSpan(), now)
            : null;
    }

    /// <summary>Applies a commit to a state, or returns the reason of the refusal.</summary>
    public bool TryMerge(
        PendingCommit pending,
        SessionState before,
        long now,
        [NotNullWhen(true)] out SessionState? merged,
        out bool keepsDeadline,
        [NotNullWhen(false)] out CommitResult? refused)
    {
        MergeResult result = CommitMerge.Apply(before.Packed, pending.Commit.Changes, before.Version + 1, options.Value.Limits, before.Shape);
        keepsDeadline = result.KeepsDeadline;
        if (result.Outcome != CommitOutcome.Applied)
        {
            merged = null;
            refused = new CommitResult { Outcome = result.Outcome, Violation = result.Violation, EntryName = result.EntryName };
            return false;
        }

        refused = null;
        merged = result.ApplyTo(before, now) with
        {
            TicketUser = before.TicketUser ?? pending.Commit.TicketUser,
            PrivilegeChanges = before.PrivilegeChanges + (pending.Commit.IsPrivilegeChangeWithoutUser ? 1 : 0),
        };
        merged = pending.Commit.Rotation is { } rotation ? merged.Rotated(rotation, now) : merged;
        if (pending is { SignIn: { } signIn, Commit: { SignIn: { } asked } commit })
        {
            signIn.Replaced = before.SignedIn;
            merged = merged with { SignedIn = SignedIn.By(commit, asked, before.SignedIn, now) };
        }

        pending.Operation = new AppliedOperation
        {
            Id = pending.Commit.OperationId,
            UntilMs = OperationLog.DeadlineMs(pending.Commit.Deadline, pending.Commit.Age, now),
            Version = merged.Version,
            Numbers = result.Numbers,
        };
        return true;
    }

    /// <summary>Returns the answer to a commit that was applied before or can't be applied; null if it is to be merged.</summary>
    public CommitResult? Refuse(StoredSession session, SessionCommit commit, SessionState? active, long now)
    {
        SessionState current = session.Current;
        if (OperationLog.Find(current.Operations, commit.OperationId) is { } applied)
        {
            return applied.Version > 0 ? Applied(current, session.DeadlineMs, applied, commit) : new CommitResult { Outcome = CommitOutcome.Gone };
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

        if (commit.SignIn is { } signIn && active is not null && (signIn.ImpersonatedBy ?? active.SignedIn?.Identity.ImpersonatedBy) is not null)
        {
            // Neither does a session become an impersonation, nor does anybody sign in as somebody else within one.
            return new CommitResult { Outcome = CommitOutcome.Gone };
        }

        if (commit.BasedOn is null && active?.Judge(commit.Secret, now, now) is { } standing && !standing.Opens())
        {
            metrics.TokenRefused(standing);
            return new CommitResult { Outcome = CommitOutcome.SecretRequired };
        }

        if (commit.Rotation is { } rotation && active?.Secret != rotation.From)
        {
            return new CommitResult { Outcome = CommitOutcome.SecretReplaced };
        }

        return commit.BasedOnVersion is { } version && version != (active?.Version ?? 0) ? new CommitResult { Outcome = CommitOutcome.Conflict } : null;
    }

    /// <summary>Returns the answer to a stored commit.</summary>
    public CommitResult Applied(SessionState stored, long deadlineMs, in AppliedOperation operation, SessionCommit commit) => new()
    {
        Outcome = CommitOutcome.Applied,
        Version = operation.Version,
        Incarnation = stored.Incarnation,
        Numbers = operation.Numbers is { } numbers ? [.. numbers] : [],
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(deadlineMs),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreatedAtMs),
        Silo = silo.Name,
        Identity = commit.SignIn is null ? null : stored.SignedIn?.Identity,
    };
}
