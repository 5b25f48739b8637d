using OrleansSessions.Contracts;
using OrleansSessions.Grains.Locks;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Behaviour of sessions, without their state: one object for all sessions of a silo, because each field of an activation exists a million times.
/// </summary>
internal sealed class SessionBehavior(
    SessionStore store,
    CommitTurn commits,
    SignInTurn signIns,
    SessionDestruction destruction,
    SessionRotation rotation,
    TokenReuse reuse,
    SessionSettlement settlement,
    SessionMetrics metrics,
    ILocalSiloDetails silo)
{
    public StoredSession Open(IGrainContext context) => new(store, context);

    public ActivationLock CreateLock(ILockedActivation activation) => new(activation, metrics, store.Time);

    /// <summary>Answers a load of a session with a known state.</summary>
    /// <param name="session">The session.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="standing">What the caller's secret is worth.</param>
    public LoadResult Load(StoredSession session, long nowMs, SecretStanding standing)
    {
        if (!standing.Opens())
        {
            LoadResult refused = standing == SecretStanding.Superseded ? LoadResult.RotatedAway : LoadResult.None;
            metrics.TokenRefused(standing);
            metrics.Loaded(Outcomes.Of(refused.Outcome));
            return refused;
        }

        SessionState current = session.Current;
        if (!session.IsActive(nowMs))
        {
            LoadResult ended = current.Ending?.MovedTo is null ? LoadResult.None : LoadResult.RotatedAway;
            metrics.Loaded(Outcomes.Of(ended.Outcome));
            return ended;
        }

        return Loaded(current, session.DeadlineMs, isSecretReplaced: standing == SecretStanding.InGrace);
    }

    /// <summary>Answers a load with an active session's state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="deadlineMs">When the session ends unless it is used before.</param>
    /// <param name="isSecretReplaced">Whether the caller's secret is valid for its grace only.</param>
    public LoadResult Loaded(SessionState state, long deadlineMs, bool isSecretReplaced = false)
    {
        metrics.Loaded(Outcomes.Of(LoadOutcome.Active));
        return new LoadResult
        {
            Outcome = LoadOutcome.Active,
            IsSecretReplaced = isSecretReplaced,
            Snapshot = new SessionSnapshot(state.Packed)
            {
                Incarnation = state.Incarnation,
                Version = state.Version,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(state.CreatedAtMs),
                ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(deadlineMs),
                IdleTimeout = TimeSpan.FromMilliseconds(state.IdleTimeoutMs),
                Silo = silo.Name,
                Shape = state.Shape,
                Identity = state.SignedIn?.Identity,
                TicketUser = state.TicketUser,
                PrivilegeChanges = state.PrivilegeChanges,
            },
        };
    }

    /// <inheritdoc cref="TokenReuse.AnswerAsync"/>
    public Task AnswerReuseAsync(SessionTurn turn, SecretHash secret, long presentedMs) =>
        turn.RunAsync(static (session, call) => call.reuse.AnswerAsync(session, call.secret, call.presentedMs), (reuse, secret, presentedMs));

    /// <summary>Counts a failed load.</summary>
    public void FailLoad(Exception exception) => metrics.Loaded(Outcomes.Of(exception));

    /// <summary>Describes a session with a known state; null: none.</summary>
    public SessionDescription? Describe(StoredSession session)
    {
        SessionState current = session.Current;
        if (!session.IsActive(session.NowMs))
        {
            return null;
        }

        (int count, long bytes) = EntryPacking.Measure(current.Packed);
        return new SessionDescription
        {
            Incarnation = current.Incarnation,
            Version = current.Version,
            EntryCount = count,
            Bytes = bytes,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(current.CreatedAtMs),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(session.DeadlineMs),
            Silo = silo.Name,
            Namespace = current.Namespace,
            Identity = current.SignedIn?.Identity,
            Device = current.SignedIn?.Device,
            LastUsedAt = DateTimeOffset.FromUnixTimeMilliseconds(session.LastUsedAtMs),
            PrivilegeChanges = current.PrivilegeChanges,
        };
    }

    public async ValueTask<bool> RefreshAsync(SessionTurn turn, SecretHash secret) =>
        await turn.RunAsync(static (session, call) => call.Behavior.RefreshAsync(session, call.secret), (Behavior: this, secret));

    public ValueTask<CommitResult> CommitAsync(SessionTurn turn, SessionCommit commit) =>
        commit?.SignIn is null ? commits.CommitAsync(turn, commit!) : signIns.CommitAsync(turn, commit);

    /// <inheritdoc cref="ISessionOfUserGrain.EndAsync"/>
    public async ValueTask<bool> EndAsync(SessionTurn turn, string user, EndReason reason, string? actor)
    {
        bool cancelled = turn.SignIns.Cancel(user);
        return await turn.RunAsync(
            static (session, call) => call.destruction.DestroyOfUserAsync(session, call.user, call.reason, call.actor), (destruction, user, reason, actor)) || cancelled;
    }

    public async ValueTask<bool> DestroyAsync(SessionTurn turn, Guid? incarnation, EndReason reason, SessionOperation? operation)
    {
        bool destroyed = await turn.RunAsync(
            static (session, call) => call.destruction.DestroyAsync(session, call.incarnation, call.reason, call.operation),
            (destruction, incarnation, reason, operation));
        if (!destroyed && incarnation is not null)
        {
            metrics.LateWriteRefused("destroy");
        }

        return destroyed;
    }

    public async ValueTask<bool> DestroyUnchangedAsync(SessionTurn turn, Guid incarnation, long version, SessionOperation operation) =>
        await turn.RunAsync(
            static (session, call) => call.destruction.DestroyUnchangedAsync(session, call.incarnation, call.version, call.operation),
            (destruction, incarnation, version, operation),
            operation.Id);

    public async ValueTask<bool> RotateAsync(SessionTurn turn, string newKey, Guid incarnation, DateTimeOffset? deadline, SecretHash secret)
    {
        bool rotated = await turn.RunAsync(
            static (session, call) => call.rotation.RotateAsync(session, call.newKey, call.incarnation, call.deadline, call.secret),
            (rotation, newKey, incarnation, deadline, secret));
        if (!rotated)
        {
            metrics.LateWriteRefused("rotate");
        }

        return rotated;
    }

    /// <inheritdoc cref="SessionSettlement.ExpireAsync"/>
    public Task<long?> ExpireAsync(SessionTurn turn, long indexedDeadlineMs) =>
        turn.RunAsync(static (session, call) => call.settlement.ExpireAsync(session, call.indexedDeadlineMs), (settlement, indexedDeadlineMs));

    /// <inheritdoc cref="SessionTurn.SettleAsync"/>
    public Task SettleAsync(SessionTurn turn) => turn.SettleAsync(settlement);

    private async Task<bool> RefreshAsync(StoredSession session, SecretHash secret)
    {
        long now = session.NowMs;
        SecretStanding standing = session.Judge(secret, incarnation: null, now, now);
        if (standing == SecretStanding.UsedUp)
        {
            await reuse.AnswerAsync(session, secret, now);
        }

        if (standing.Opens())
        {
            return await session.RefreshAsync();
        }

        metrics.TokenRefused(standing);
        return false;
    }
}
