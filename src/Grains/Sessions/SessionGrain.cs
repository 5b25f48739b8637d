using System.Diagnostics;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Locks;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>One session. See <see cref="ISessionGrain"/> for what its callers may rely on.</summary>
/// <remarks>
/// Changes run one at a time, behind <see cref="_turn"/>. Loads never wait for a change, so they see the session before or after it, never between.
/// Commits that arrive while the session is being stored wait in <see cref="_commits"/> and are stored together. An activation reads nothing before it is asked
/// something, and what most sessions never need is made when it is needed.
/// </remarks>
[GrainType("session")]
internal sealed class SessionGrain : Grain, ISessionGrain, ISessionLockGrain, ISessionHandoverGrain
{
    private readonly SessionSilo _silo;
    private readonly StoredSession _session;
    private CommitQueue _commits;
    private Turn _turn;
    private LockQueue? _lock;
    private TurnHold? _hold;
    private long _settleNotBeforeMs;
    private int _lockRequests;
    private bool _settleRequested;

    public SessionGrain(SessionSilo silo)
    {
        _silo = silo;

        // Not injected: what an activation's scope resolves, it keeps in tables of its own.
        _session = new StoredSession(silo, GrainContext);
    }

    private SessionState Current => _session.Current;

    /// <summary>The lock and who waits for it; null: nobody ever asked for it here, and no earlier activation left it.</summary>
    private LockQueue? Lock
    {
        get
        {
            if (_session.TakeLeftLock() is { } left)
            {
                _lock ??= new LockQueue(_silo.Time);
                _lock.TakeOver(left);
            }

            return _lock;
        }
    }

    /// <summary>Whether an activation without a session has something to remember: a lock, or somebody who is about to get it.</summary>
    private bool IsLockInUse => _lockRequests > 0 || Lock is { IsInUse: true };

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _session.Leave();
        return _turn.IsFree && !HasSomethingToKeep ? Task.CompletedTask : KeepAsync(cancellationToken);
    }

    public ValueTask<LoadResult> LoadAsync(bool touch)
    {
        if (_session.Knowledge is StateKnowledge.Known or StateKnowledge.InDoubt)
        {
            LoadResult loaded = Load(touch);
            if (_silo.Lease.IsValid)
            {
                return ValueTask.FromResult(loaded);
            }
        }

        return ReadThenLoadAsync(touch);
    }

    public async ValueTask<CommitResult> CommitAsync(SessionCommit commit)
    {
        ThrowUnlessWhole(commit);

        // Here, and not among the commits of others that are stored with it.
        _ = OperationLog.DeadlineMs(commit.Deadline, commit.Age, _session.NowMs);
        long started = Stopwatch.GetTimestamp();
        string outcome = Outcomes.Error;
        await _silo.Lease.EnsureAsync();
        PendingCommit own = IsHeldFor(commit.OperationId) ? _commits.EnqueueFirst(commit) : _commits.Enqueue(commit);
        await TakeTurnAsync(commit.OperationId);
        try
        {
            await _silo.Lease.EnsureAsync();
            if (!own.IsDone && _session.Knowledge == StateKnowledge.Unread && await _silo.CommitTurn.TryCreateAsync(_session, _commits.First!))
            {
                RequestSettlingIfNeeded();
            }

            if (!own.IsDone)
            {
                await RunInTurnAsync(static (grain, _) => grain._silo.CommitTurn.StoreWaitingAsync(grain._session, grain._commits.First), 0);
            }

            CommitResult result = own.Answer();
            await _silo.Lease.EnsureAsync();
            outcome = Outcomes.Of(result.Outcome);
            if (result.Outcome == CommitOutcome.Gone)
            {
                _silo.Metrics.LateWriteRefused("commit");
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
            _silo.Metrics.Committed(outcome, started);
            _commits.DropDone();
            _turn.Release();
        }
    }

    public async ValueTask<LoadResult> HoldAsync(SessionOperation change, bool touch)
    {
        ArgumentNullException.ThrowIfNull(change);
        long started = Stopwatch.GetTimestamp();
        await _silo.Lease.EnsureAsync();
        await TakeTurnAsync(change.Id);
        bool isHeld = false;
        try
        {
            await _session.EnsureKnownAsync();
            LoadResult loaded = Load(touch);
            await _silo.Lease.EnsureAsync();
            isHeld = loaded.Outcome == LoadOutcome.Active
                && Stopwatch.GetElapsedTime(started) < TurnHold.LongestWait
                && _session.NowMs <= OperationLog.DeadlineMs(change.Deadline, TimeSpan.Zero, _session.NowMs);
            return loaded;
        }
        finally
        {
            if (isHeld)
            {
                _hold = new TurnHold(change.Id);
                LetGoInTimeAsync(_hold).Ignore();
            }
            else
            {
                _turn.Release();
            }
        }
    }

    public ValueTask LetGoAsync(Guid change)
    {
        if (IsHeldFor(change))
        {
            EndHold();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> RefreshAsync() => await RunAsync(static (grain, _) => grain.RefreshOnceAsync(), 0);

    public async ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason, SessionOperation? operation = null)
    {
        bool destroyed = await RunAsync(
            static (grain, call) => grain.DestroyOnceAsync(call.incarnation, call.reason, call.operation), (incarnation, reason, operation));
        if (!destroyed && incarnation is not null)
        {
            _silo.Metrics.LateWriteRefused("destroy");
        }

        return destroyed;
    }

    public async ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, SessionOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return await RunAsync(
            static (grain, call) => grain.Current.Version == call.version
                || !grain._session.IsActive(grain._session.NowMs)
                || OperationLog.Find(grain.Current.Operations, call.operation.Id) is not null
                ? grain.DestroyOnceAsync(call.incarnation, EndReason.Destroyed, call.operation)
                : Task.FromResult(false),
            (incarnation, version, operation),
            operation.Id);
    }

    public async ValueTask<bool> RotateAsync(string newKey, Guid incarnation, DateTimeOffset? deadline = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(newKey);
        if (newKey == _session.Key)
        {
            throw new ArgumentException("A session is rotated to the key of a newly made token, not to its own.", nameof(newKey));
        }

        bool rotated = await RunAsync(
            static (grain, call) => grain._silo.Rotation.RotateAsync(grain._session, call.newKey, call.incarnation, call.deadline), (newKey, incarnation, deadline));
        if (!rotated)
        {
            _silo.Metrics.LateWriteRefused("rotate");
        }

        return rotated;
    }

    public async ValueTask<SessionDescription?> DescribeAsync()
    {
        await EnsureKnownAsync();
        if (!_session.IsActive(_session.NowMs))
        {
            return null;
        }

        (int count, long bytes) = EntryPacking.Measure(Current.Packed);
        await _silo.Lease.EnsureAsync();
        return new SessionDescription
        {
            Incarnation = Current.Incarnation,
            Version = Current.Version,
            EntryCount = count,
            Bytes = bytes,
            CreatedAt = FromMs(Current.CreatedAtMs),
            ExpiresAt = FromMs(_session.DeadlineMs),
            Silo = _silo.Name,
            Namespace = Current.Namespace,
        };
    }

    public async ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline)
    {
        long? next = await RunAsync(static (grain, indexed) => grain._silo.Settlement.ExpireAsync(grain._session, indexed), indexedDeadline.ToUnixTimeMilliseconds());
        if (next is not long nextMs)
        {
            if (!IsLockInUse)
            {
                DeactivateOnIdle();
            }

            return null;
        }

        return FromMs(nextMs);
    }

    public async ValueTask<bool> AcquireAsync(SessionLockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long started = Stopwatch.GetTimestamp();
        bool acquired;
        _lockRequests++;
        try
        {
            await FindLeftLockAsync();
            await _silo.Lease.EnsureAsync();
            LockQueue queue = Lock ?? (_lock = new LockQueue(_silo.Time));
            acquired = await queue.AcquireAsync(request);
            await _silo.Lease.EnsureAsync();
        }
        finally
        {
            _lockRequests--;
        }

        _silo.Metrics.LockAnswered(acquired, started);
        if (acquired)
        {
            StayForLock();
        }

        return acquired;
    }

    public async ValueTask<SessionLock?> GetLockAsync()
    {
        await FindLeftLockAsync();
        await _silo.Lease.EnsureAsync();
        return Lock?.Held;
    }

    public async ValueTask<bool> ReleaseAsync(byte[]? owner, SessionOperation? operation = null)
    {
        await FindLeftLockAsync();
        await _silo.Lease.EnsureAsync();
        if (Lock is not { } queue || !queue.Release(owner, operation))
        {
            return false;
        }

        if (!IsLockInUse)
        {
            _lock = null;
            DelayDeactivation(TimeSpan.Zero);
            if (_session.Knowledge == StateKnowledge.Known && Current.Status == SessionStatus.None)
            {
                DeactivateOnIdle();
            }
        }

        return true;
    }

    public async ValueTask<bool> ExtendAsync(byte[]? owner, TimeSpan lease)
    {
        await FindLeftLockAsync();
        await _silo.Lease.EnsureAsync();
        if (Lock is not { } queue || !queue.Extend(owner, lease))
        {
            return false;
        }

        StayForLock();
        return true;
    }

    public Task AdoptAsync(byte[] session) =>
        RunAsync(static (grain, session) => SessionRotation.AdoptAsync(grain._session, SessionStateFormat.Read(session)), session);

    public Task ConfirmAsync(Guid incarnation) =>
        RunAsync(static (grain, incarnation) => SessionRotation.ConfirmAsync(grain._session, incarnation), incarnation);

    public async Task<bool> HasMovedAsync(string newKey, Guid incarnation)
    {
        await EnsureKnownAsync();
        await _silo.Lease.EnsureAsync();
        return Current.Incarnation == incarnation && Current.Ending?.MovedTo == newKey;
    }

    public async Task SettleAsync()
    {
        _settleRequested = false;
        bool settled = false;
        try
        {
            settled = await RunAsync(static (grain, _) => grain._silo.Settlement.SettleAsync(grain._session), 0);
        }
        catch (Exception exception) when (exception is SessionUnavailableException or SessionOwnershipException)
        {
            // What is left to do stands in Redis and in the expiry index, so the sweep does it if no call comes before.
        }

        if (!settled)
        {
            _settleNotBeforeMs = _session.NowMs + SessionSettlement.RetryAfterMs;
        }
    }

    private static void ThrowUnlessWhole(SessionCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        bool isWhole = !commit.Changes.IsDefault && !commit.Settled.IsDefault;
        for (int i = 0; isWhole && i < commit.Changes.Length; i++)
        {
            isWhole = commit.Changes[i]?.Name is not null;
        }

        if (!isWhole)
        {
            throw new ArgumentException("A commit has a list of changes, and each has a name, which may be empty.", nameof(commit));
        }
    }

    private bool HasSomethingToKeep =>
        _session.Knowledge == StateKnowledge.Known && _session.IsActive(_session.NowMs) && (_session.HasUnsavedChange || Lock?.Held is not null);

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (HasSomethingToKeep)
            {
                await _session.StoreAsync(Current with { Lock = Lock?.Held });
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

    /// <summary>Reads the state unless it is known, for a call that waits for no turn.</summary>
    private async Task EnsureKnownAsync()
    {
        await _silo.Lease.EnsureAsync();
        if (_session.Knowledge == StateKnowledge.Presumed)
        {
            // The creation that is on its way finds out what is there.
            await _turn.WaitAsync();
            _turn.Release();
        }

        await _session.EnsureKnownAsync();
        RequestSettlingIfNeeded();
    }

    /// <summary>Looks for the lock that an earlier activation may have left with the state. Without Redis there is none to be found.</summary>
    private async ValueTask FindLeftLockAsync()
    {
        if (_lock is null && _session.Knowledge is (StateKnowledge.Unread or StateKnowledge.Presumed))
        {
            try
            {
                await EnsureKnownAsync();
            }
            catch (SessionUnavailableException)
            {
                // Who asks for a lock is not to fail for want of the session.
            }
        }
    }

    private async ValueTask<LoadResult> ReadThenLoadAsync(bool touch)
    {
        try
        {
            await EnsureKnownAsync();
            LoadResult loaded = Load(touch);
            await _silo.Lease.EnsureAsync();
            return loaded;
        }
        catch (Exception exception)
        {
            _silo.Metrics.Loaded(Outcomes.Of(exception));
            throw;
        }
    }

    private LoadResult Load(bool touch)
    {
        long now = _session.NowMs;
        if (!_session.IsActive(now))
        {
            if (Current.Status == SessionStatus.None && !IsLockInUse)
            {
                // A key that nobody used keeps no memory: anybody can send unknown tokens.
                DeactivateOnIdle();
            }

            LoadResult ended = Current.Ending?.MovedTo is null ? LoadResult.None : LoadResult.RotatedAway;
            _silo.Metrics.Loaded(Outcomes.Of(ended.Outcome));
            return ended;
        }

        if (touch)
        {
            _session.Touch(now);
            if (_session.HasUnsavedTouch)
            {
                RequestSettling();
            }
        }

        _silo.Metrics.Loaded(Outcomes.Of(LoadOutcome.Active));
        return new LoadResult
        {
            Outcome = LoadOutcome.Active,
            Snapshot = new SessionSnapshot(Current.Packed)
            {
                Incarnation = Current.Incarnation,
                Version = Current.Version,
                CreatedAt = FromMs(Current.CreatedAtMs),
                ExpiresAt = FromMs(_session.DeadlineMs),
                IdleTimeout = TimeSpan.FromMilliseconds(Current.IdleTimeoutMs),
                Silo = _silo.Name,
                Shape = Current.Shape,
            },
        };
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

    private async Task<bool> DestroyOnceAsync(Guid? incarnation, EndReason reason, SessionOperation? operation)
    {
        long now = _session.NowMs;
        long until = OperationLog.DeadlineMs(operation?.Deadline, TimeSpan.Zero, now);
        if (operation is not null && OperationLog.Find(Current.Operations, operation.Id) is not null)
        {
            // Ended by an earlier attempt; whatever is here now came after it.
            return true;
        }

        if (now > until || OperationLog.MayBeForgotten(until, Current.OperationsForgottenThroughMs, now))
        {
            // False would say that there is no session. Only a caller whose clock is wrong still waits for the answer.
            throw new SessionUnavailableException("The session was not ended: the call arrived after its deadline. If this happens often, synchronize the clocks of frontends and silos.");
        }

        if (incarnation is not null && incarnation != Current.Incarnation)
        {
            return false;
        }

        if (!_session.IsActive(now))
        {
            // True for a repetition of the call that destroyed this incarnation.
            return incarnation is not null && Current.Ending is { MovedTo: null } earlier && (operation is null || earlier.OperationId == operation.Id);
        }

        AppliedOperation[] ended = operation is null ? [] : [new AppliedOperation { Id = operation.Id, UntilMs = until, Version = 0 }];
        SessionState last = Current.Remember(ended, [], now);
        SessionEnding ending = new()
        {
            Reason = reason,
            RemoveAtMs = Math.Max(now + _silo.TombstoneGraceMs, OperationLog.LastDeadlineMs(last.Operations)),
            OperationId = operation?.Id,
        };
        await _session.StoreAsync(_silo.Events.HasHandlers ? last.Ended(ending) : last.Buried(ending));
        _silo.Metrics.Ended(reason);
        return true;
    }

    /// <summary>
    /// Runs a change. If its write got no answer, the state is read again and the change runs once more on what was found: it then recognises
    /// itself, by its operation id or by what it has made of the session, or it is simply done now.
    /// </summary>
    private async Task<TResult> RunAsync<TArgument, TResult>(Func<SessionGrain, TArgument, Task<TResult>> change, TArgument argument, Guid? operation = null)
    {
        await _silo.Lease.EnsureAsync();
        await TakeTurnAsync(operation);
        try
        {
            await _silo.Lease.EnsureAsync();
            TResult result = await RunInTurnAsync(change, argument);
            await _silo.Lease.EnsureAsync();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<TResult> RunInTurnAsync<TArgument, TResult>(Func<SessionGrain, TArgument, Task<TResult>> change, TArgument argument)
    {
        try
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
        catch (SessionUnavailableException exception) when (_session.Knowledge != StateKnowledge.Known)
        {
            // Those that wait would find Redis as this one did, one after the other.
            _commits.Fail(exception);
            throw;
        }
        catch (InconsistentStateException exception)
        {
            // The next activation reads what is there, and the callers' repetitions find it.
            _commits.Fail(exception);
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Completes when it is the change's turn: at once if the turn is held for it.</summary>
    private Task TakeTurnAsync(Guid? change)
    {
        if (!IsHeldFor(change))
        {
            return _turn.WaitAsync();
        }

        _hold = null;
        return Task.CompletedTask;
    }

    private bool IsHeldFor(Guid? change) => _hold is { } hold && hold.Change == change;

    private void EndHold()
    {
        _hold = null;
        _turn.Release();
    }

    private async Task LetGoInTimeAsync(TurnHold hold)
    {
        await Task.Delay(TurnHold.Longest, _silo.Time);
        if (ReferenceEquals(_hold, hold))
        {
            EndHold();
        }
    }

    /// <summary>A lock is in this activation's memory, so the activation outlives its lease.</summary>
    private void StayForLock()
    {
        if (Lock?.Held is { } held)
        {
            DelayDeactivation(held.ExpiresAt - _silo.Time.GetUtcNow());
        }
    }

    private void RequestSettlingIfNeeded()
    {
        if (SessionSettlement.IsDue(Current))
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

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
