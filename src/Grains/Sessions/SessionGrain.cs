using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>One session. See <see cref="ISessionGrain"/> for what its callers may rely on.</summary>
/// <remarks>
/// Changes run one at a time, behind <see cref="_turn"/>. Loads never wait for anything, so they see the session before or after a change, never between.
/// Commits that arrive while the session is being stored wait in <see cref="_commits"/> and are stored together.
/// </remarks>
[GrainType("session")]
internal sealed class SessionGrain : Grain, ISessionGrain, ISessionHandoverGrain
{
    private const long RetryAfterMs = 10_000;

    private readonly StoredSession _session;
    private readonly SessionEvents _events;
    private readonly SessionClusterOptions _options;
    private readonly string _silo;
    private readonly CommitQueue _commits = new();
    private readonly SemaphoreSlim _turn = new(1);

    private bool _settleRequested;
    private long _settleNotBeforeMs;

    public SessionGrain(
        [PersistentState("session", SessionGrainStorage.Name)] IPersistentState<SessionState> storage,
        DeadlineIndex index,
        SessionEvents events,
        IOptions<SessionClusterOptions> options,
        ILocalSiloDetails silo)
    {
        _session = new StoredSession(storage, index, this.GetPrimaryKeyString(), options.Value.TimeProvider);
        _events = events;
        _options = options.Value;
        _silo = silo.Name;
    }

    private string Key => this.GetPrimaryKeyString();

    private SessionState Current => _session.Current;

    private bool NeedsSettling =>
        Current is { Status: SessionStatus.Active, CreationAnnounced: false, Provisional: false }
            or { Status: SessionStatus.Ending }
            or { Status: SessionStatus.Tombstone, Ending.HandoverPending: true };

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _session.TakeOverActivationRead();
        RequestSettlingIfNeeded();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_session.Knowledge == StateKnowledge.Known && _session.IsActive(_session.NowMs) && _session.HasUnsavedChange)
            {
                await _session.StoreAsync(Current);
            }
        }
        catch (Exception exception) when (exception is SessionUnavailableException or InconsistentStateException)
        {
            // The stored deadline is early by at most what is promised, or another activation has stored a newer one.
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask<LoadResult> LoadAsync(bool touch) =>
        _session.Knowledge == StateKnowledge.Unread ? ReadThenLoadAsync(touch) : ValueTask.FromResult(Load(touch));

    public async ValueTask<CommitResult> CommitAsync(SessionCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        PendingCommit pending = _commits.Enqueue(commit);
        return await RunAsync(static (grain, pending) => grain.CommitWaitingAsync(pending), pending);
    }

    public async ValueTask<bool> RefreshAsync() => await RunAsync(static (grain, _) => grain.RefreshOnceAsync(), 0);

    public async ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason) =>
        await RunAsync(static (grain, call) => grain.DestroyOnceAsync(call.incarnation, call.reason), (incarnation, reason));

    public async ValueTask<bool> RotateAsync(string newKey, Guid incarnation)
    {
        ArgumentException.ThrowIfNullOrEmpty(newKey);
        if (newKey == Key)
        {
            throw new ArgumentException("A session is rotated to the key of a newly made token, not to its own.", nameof(newKey));
        }

        return await RunAsync(static (grain, call) => grain.RotateOnceAsync(call.newKey, call.incarnation), (newKey, incarnation));
    }

    public async ValueTask<SessionDescription?> DescribeAsync()
    {
        await _session.EnsureKnownAsync();
        return _session.IsActive(_session.NowMs)
            ? new SessionDescription
            {
                Incarnation = Current.Incarnation,
                Version = Current.Version,
                EntryCount = Current.Entries.Length,
                Bytes = CommitMerge.SizeOf(Current.Entries),
                CreatedAt = FromMs(Current.CreatedAtMs),
                ExpiresAt = FromMs(_session.DeadlineMs),
                Silo = _silo,
            }
            : null;
    }

    public async ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline)
    {
        long? next = await RunAsync(static (grain, indexed) => grain.ExpireOnceAsync(indexed), indexedDeadline.ToUnixTimeMilliseconds());
        return next is long ms ? FromMs(ms) : null;
    }

    public Task AdoptAsync(SessionState session) => RunAsync(static (grain, session) => grain.AdoptOnceAsync(session), session);

    public Task ConfirmAsync(Guid incarnation) => RunAsync(static (grain, incarnation) => grain.ConfirmOnceAsync(incarnation), incarnation);

    public async Task<bool> HasMovedAsync(string newKey, Guid incarnation)
    {
        await _session.EnsureKnownAsync();
        return Current.Incarnation == incarnation && Current.Ending?.MovedTo == newKey;
    }

    public async Task SettleAsync()
    {
        _settleRequested = false;
        bool settled = false;
        try
        {
            settled = await RunAsync(static (grain, _) => grain.SettleOnceAsync(), 0);
        }
        catch (SessionUnavailableException)
        {
            // What is left to do stands in Redis and in the expiry index, so the sweep does it if no call comes before.
        }

        if (!settled)
        {
            _settleNotBeforeMs = _session.NowMs + RetryAfterMs;
        }
    }

    private async ValueTask<LoadResult> ReadThenLoadAsync(bool touch)
    {
        await _session.EnsureKnownAsync();
        return Load(touch);
    }

    private LoadResult Load(bool touch)
    {
        long now = _session.NowMs;
        if (!_session.IsActive(now))
        {
            if (Current.Status == SessionStatus.None)
            {
                // A key that nobody used keeps no memory: anybody can send unknown tokens.
                DeactivateOnIdle();
            }

            return Current.Ending?.MovedTo is null ? LoadResult.None : LoadResult.RotatedAway;
        }

        if (touch)
        {
            _session.Touch(now);
            if (_session.HasUnsavedTouch)
            {
                RequestSettling();
            }
        }

        return new LoadResult
        {
            Outcome = LoadOutcome.Active,
            Snapshot = new SessionSnapshot
            {
                Incarnation = Current.Incarnation,
                Version = Current.Version,
                Entries = Current.Entries,
                CreatedAt = FromMs(Current.CreatedAtMs),
                ExpiresAt = FromMs(_session.DeadlineMs),
                IdleTimeout = TimeSpan.FromMilliseconds(Current.IdleTimeoutMs),
                Silo = _silo,
            },
        };
    }

    /// <summary>Stores all waiting commits, unless an earlier one's turn has stored this one with its own.</summary>
    private async Task<CommitResult> CommitWaitingAsync(PendingCommit own)
    {
        if (!own.IsDone)
        {
            try
            {
                await CommitAllAsync([.. _commits.Waiting]);
                _commits.DropDone();
            }
            catch (Exception exception) when (exception is not SessionUnavailableException)
            {
                _commits.Fail(exception);
            }
        }

        return own.Answer();
    }

    private async Task CommitAllAsync(PendingCommit[] batch)
    {
        long now = _session.NowMs;
        bool active = _session.IsActive(now);
        if (!active && batch.Any(static pending => pending.Commit.BasedOn is null) && !(await SettleOnceAsync() && await FinishEndedAsync(now)))
        {
            throw new SessionUnavailableException("An earlier session under this token has ended, and a handler of that event failed. Try again later.");
        }

        SessionState? next = active ? Current : null;
        List<AppliedOperation> applied = [];
        foreach (PendingCommit pending in batch)
        {
            CommitResult? refused = Refuse(pending.Commit, next, now);
            if (refused is null)
            {
                SessionState before = next ?? SessionState.Create(pending.Commit.NewSession, Current, now, announced: !_events.HasHandlers);
                MergeResult merged = CommitMerge.Apply(before.Entries, pending.Commit.Changes, before.Version + 1, _options.Limits);
                if (merged.Outcome == CommitOutcome.Applied)
                {
                    next = before.Apply(merged);
                    applied.Add(new() { Id = pending.Commit.OperationId, AtMs = now, Version = next.Version, Numbers = merged.Numbers });
                    continue;
                }

                refused = new CommitResult { Outcome = merged.Outcome, Violation = merged.Violation, EntryName = merged.EntryName };
            }

            pending.Complete(refused);
        }

        if (applied.Count > 0)
        {
            _session.Touch(now);
            await _session.StoreAsync(next!.Remember(applied, now));
            int i = 0;
            foreach (PendingCommit pending in batch.Where(static pending => !pending.IsDone))
            {
                pending.Complete(Applied(applied[i].Version, applied[i].Numbers));
                i++;
            }
        }
    }

    /// <summary>The answer to a commit that was applied before or can't be applied; null if it is to be merged into the session.</summary>
    private CommitResult? Refuse(SessionCommit commit, SessionState? session, long now)
    {
        if (OperationLog.Find(Current.Operations, commit.OperationId) is { } applied)
        {
            return applied.Version > 0 ? Applied(applied.Version, applied.Numbers) : new CommitResult { Outcome = CommitOutcome.Gone };
        }

        if (commit.Age > TimeSpan.Zero && now - (long)commit.Age.TotalMilliseconds <= Current.OperationsForgottenThroughMs)
        {
            return new CommitResult { Outcome = CommitOutcome.Unknown };
        }

        return commit.BasedOn is { } incarnation && incarnation != session?.Incarnation ? new CommitResult { Outcome = CommitOutcome.Gone } : null;
    }

    private async Task<bool> RefreshOnceAsync()
    {
        long now = _session.NowMs;
        if (!_session.IsActive(now))
        {
            return false;
        }

        _session.Touch(now);
        if (_session.HasUnsavedTouch)
        {
            await _session.StoreAsync(Current);
        }

        return true;
    }

    private async Task<bool> DestroyOnceAsync(Guid? incarnation, EndReason reason)
    {
        long now = _session.NowMs;
        if (incarnation is not null && incarnation != Current.Incarnation)
        {
            return false;
        }

        if (!_session.IsActive(now))
        {
            // True for a repetition of the call that destroyed this incarnation.
            return incarnation is not null && Current.Ending is { MovedTo: null };
        }

        SessionEnding ending = new() { Reason = reason, RemoveAtMs = now + TombstoneGraceMs };
        await _session.StoreAsync(_events.HasHandlers ? Current.Ended(ending) : Current.Buried(ending));
        return true;
    }

    private async Task<bool> RotateOnceAsync(string newKey, Guid incarnation)
    {
        long now = _session.NowMs;
        if (incarnation != Current.Incarnation)
        {
            return false;
        }

        if (!_session.IsActive(now))
        {
            // True for a repetition of the call that moved it.
            return Current.Ending?.MovedTo == newKey;
        }

        _session.Touch(now);
        await GrainFactory.GetGrain<ISessionHandoverGrain>(newKey).AdoptAsync(Current with { LastUsedAtMs = _session.LastUsedAtMs, MovedFrom = Key });
        await _session.StoreAsync(Current.Buried(new() { RemoveAtMs = now + TombstoneGraceMs, MovedTo = newKey, HandoverPending = true }));
        return true;
    }

    private async Task<bool> AdoptOnceAsync(SessionState session)
    {
        bool repeated = Current is { Status: SessionStatus.Active, Provisional: true } && Current.Incarnation == session.Incarnation;
        if (Current.Status != SessionStatus.None && !repeated)
        {
            throw new InvalidOperationException("A session can only be rotated to a key that was never used.");
        }

        _session.Touch(session.LastUsedAtMs);
        await _session.StoreAsync(session with { Provisional = true, IndexedDeadlineMs = 0 });
        return true;
    }

    private async Task<bool> ConfirmOnceAsync(Guid incarnation)
    {
        if (Current is { Status: SessionStatus.Active, Provisional: true } && Current.Incarnation == incarnation)
        {
            await _session.StoreAsync(Current with { Provisional = false });
        }

        return true;
    }

    private async Task<long?> ExpireOnceAsync(long indexedDeadlineMs)
    {
        long now = _session.NowMs;
        bool settled = await SettleOnceAsync();
        if (Current.Status == SessionStatus.Active && !_session.IsActive(now))
        {
            settled = await FinishEndedAsync(now);
        }

        if (settled && Current.Status == SessionStatus.Tombstone && now >= Current.Ending!.RemoveAtMs)
        {
            await _session.RemoveAsync();
        }

        if (Current.Status == SessionStatus.None)
        {
            await _session.UnscheduleAsync(indexedDeadlineMs);
            DeactivateOnIdle();
            return null;
        }

        if (_session.IsActive(now) && _session.HasUnsavedChange)
        {
            // The index must not name a later deadline than the stored one: after a crash, the sweep would come too late.
            await _session.StoreAsync(Current);
        }

        long due = !settled ? now + RetryAfterMs
            : Current.Status == SessionStatus.Tombstone ? Current.Ending!.RemoveAtMs
            : _session.DeadlineMs;
        if (due != indexedDeadlineMs)
        {
            await _session.RescheduleAsync(due);
        }

        return due;
    }

    /// <summary>Does what was promised when a call was answered. False if a handler failed and has to be called again later.</summary>
    private async Task<bool> SettleOnceAsync()
    {
        long now = _session.NowMs;
        if (!NeedsSettling)
        {
            if (_session.IsActive(now) && _session.HasUnsavedTouch)
            {
                await _session.StoreAsync(Current);
            }

            return true;
        }

        switch (Current.Status)
        {
            case SessionStatus.Ending:
                return await FinishEndedAsync(now);
            case SessionStatus.Tombstone:
                SessionEnding ending = Current.Ending!;
                await GrainFactory.GetGrain<ISessionHandoverGrain>(ending.MovedTo!).ConfirmAsync(Current.Incarnation);
                _session.Amend(Current with { Ending = ending with { HandoverPending = false } });
                return true;
            default:
                return await AnnounceCreationAsync();
        }
    }

    /// <summary>
    /// Delivers the end of a session that is destroyed or past its deadline, and then drops its entries. The order is what makes the event reliable:
    /// after a crash the state is still there, and the event is delivered again. False if a handler failed.
    /// </summary>
    private async Task<bool> FinishEndedAsync(long now)
    {
        if (Current.Status is SessionStatus.None or SessionStatus.Tombstone)
        {
            return true;
        }

        EndReason reason = Current.Ending?.Reason ?? Current.ExpiryReason(_session.LastUsedAtMs);
        if (_events.HasHandlers && await IsTheSessionAsync())
        {
            var ended = new SessionEnded(Key, Current.Incarnation, reason, Current.Entries, FromMs(Current.CreatedAtMs));
            if (!await AnnounceCreationAsync() || !await _events.EndedAsync(ended))
            {
                return false;
            }
        }

        if (Current.Ending is { } ending)
        {
            await _session.StoreAsync(Current.Buried(ending));
        }
        else
        {
            // Expired: nothing that is based on it can be mistaken for a new session. Only a commit that created it could be repeated, for a while.
            long removeAt = Current.Operations.IsEmpty ? 0 : Current.Operations[^1].AtMs + OperationLog.RetentionMs;
            await (now < removeAt ? _session.StoreAsync(Current.Buried(new() { Reason = reason, RemoveAtMs = removeAt })) : _session.RemoveAsync());
        }

        return true;
    }

    /// <summary>False for the copy of a rotation that did not come to pass: its end is nobody's event.</summary>
    private async Task<bool> IsTheSessionAsync() =>
        !Current.Provisional || await GrainFactory.GetGrain<ISessionHandoverGrain>(Current.MovedFrom!).HasMovedAsync(Key, Current.Incarnation);

    private async Task<bool> AnnounceCreationAsync()
    {
        if (!Current.CreationAnnounced)
        {
            if (!await _events.CreatedAsync(new SessionCreated(Key, Current.Incarnation, FromMs(Current.CreatedAtMs))))
            {
                return false;
            }

            // Stored with the next write; a crash before it repeats the event.
            _session.Amend(Current with { CreationAnnounced = true });
        }

        return true;
    }

    /// <summary>
    /// Runs a change. If its write got no answer, the state is read again and the change runs once more on what was found: it then recognises
    /// itself, by its operation id or by what it has made of the session, or it is simply done now.
    /// </summary>
    private async Task<TResult> RunAsync<TArgument, TResult>(Func<SessionGrain, TArgument, Task<TResult>> change, TArgument argument)
    {
        await _turn.WaitAsync();
        try
        {
            return await RunInTurnAsync(change, argument);
        }
        catch (SessionUnavailableException exception)
        {
            // Those that wait would find Redis as this one did, one after the other.
            _commits.Fail(exception);
            throw;
        }
        catch (InconsistentStateException)
        {
            // The next activation reads what is there, and the caller's repetition finds it.
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<TResult> RunInTurnAsync<TArgument, TResult>(Func<SessionGrain, TArgument, Task<TResult>> change, TArgument argument)
    {
        await _session.EnsureKnownAsync();
        TResult result;
        try
        {
            result = await change(this, argument);
        }
        catch (SessionUnavailableException) when (_session.Knowledge == StateKnowledge.InDoubt)
        {
            await _session.EnsureKnownAsync();
            result = await change(this, argument);
        }

        RequestSettlingIfNeeded();
        return result;
    }

    private void RequestSettlingIfNeeded()
    {
        if (NeedsSettling)
        {
            RequestSettling();
        }
    }

    /// <summary>Sends the grain a message to itself: a turn of its own, after the answer to the present call.</summary>
    private void RequestSettling()
    {
        if (!_settleRequested && _session.NowMs >= _settleNotBeforeMs)
        {
            _settleRequested = true;
            this.AsReference<ISessionHandoverGrain>().SettleAsync().Ignore();
        }
    }

    private long TombstoneGraceMs => (long)_options.TombstoneGrace.TotalMilliseconds;

    private CommitResult Applied(long version, long[]? numbers) => new()
    {
        Outcome = CommitOutcome.Applied,
        Version = version,
        Incarnation = Current.Incarnation,
        Numbers = numbers is null ? [] : [.. numbers],
        ExpiresAt = FromMs(_session.DeadlineMs),
        CreatedAt = FromMs(Current.CreatedAtMs),
        Silo = _silo,
    };

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
