using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Locks;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>One session. See <see cref="ISessionGrain"/> for what its callers may rely on.</summary>
/// <remarks>
/// Changes run one at a time, behind <see cref="_turn"/>. Loads never wait for anything, so they see the session before or after a change, never between.
/// Commits that arrive while the session is being stored wait in <see cref="_commits"/> and are stored together.
/// </remarks>
[GrainType("session")]
internal sealed class SessionGrain : Grain, ISessionGrain, ISessionLockGrain, ISessionHandoverGrain
{
    private readonly string _key;
    private readonly StoredSession _session;
    private readonly SessionEvents _events;
    private readonly SessionMetrics _metrics;
    private readonly SessionClusterOptions _options;
    private readonly string _silo;
    private readonly CommitQueue _commits = new();
    private readonly CommitTurn _commitTurn;
    private readonly SessionSettlement _settlement;
    private readonly SessionRotation _rotation;
    private readonly LockQueue _lock;
    private readonly SemaphoreSlim _turn = new(1);

    private bool _settleRequested;
    private long _settleNotBeforeMs;

    public SessionGrain(
        [PersistentState("session", SessionGrainStorage.Name)] IPersistentState<SessionState> storage,
        DeadlineIndex index,
        SessionEvents events,
        SessionMetrics metrics,
        IOptions<SessionClusterOptions> options,
        ILocalSiloDetails silo)
    {
        _key = this.GetPrimaryKeyString();
        _session = new StoredSession(storage, index, metrics, _key, options.Value.TimeProvider);
        _settlement = new SessionSettlement(_session, events, metrics, GrainFactory, _key);
        _rotation = new SessionRotation(_session, GrainFactory, _key, options.Value.TombstoneGrace);
        _commitTurn = new CommitTurn(_session, _settlement, _commits, metrics, options.Value.Limits, events.HasHandlers, silo.Name);
        _lock = new LockQueue(options.Value.TimeProvider);
        _events = events;
        _metrics = metrics;
        _options = options.Value;
        _silo = silo.Name;
    }

    private SessionState Current => _session.Current;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _session.TakeOverActivationRead();
        if (Current.Lock is { } left)
        {
            _lock.TakeOver(left);
            _session.Amend(Current with { Lock = null });
        }

        RequestSettlingIfNeeded();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _session.Leave();
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_session.Knowledge == StateKnowledge.Known && _session.IsActive(_session.NowMs) && (_session.HasUnsavedChange || _lock.Held is not null))
            {
                await _session.StoreAsync(Current with { Lock = _lock.Held });
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
        if (commit.Changes.IsDefault || commit.Settled.IsDefault || commit.Changes.Any(static change => change?.Name is null))
        {
            throw new ArgumentException("A commit has a list of changes, and each has a name, which may be empty.", nameof(commit));
        }

        long started = Stopwatch.GetTimestamp();
        string outcome = Outcomes.Error;
        PendingCommit own = _commits.Enqueue(commit);
        await _turn.WaitAsync();
        try
        {
            if (!own.IsDone)
            {
                await RunInTurnAsync(
                    static async (grain, _) =>
                    {
                        await grain._commitTurn.CommitWaitingAsync();
                        return true;
                    },
                    0);
            }

            CommitResult result = own.Answer();
            outcome = Outcomes.Of(result.Outcome);
            if (result.Outcome == CommitOutcome.Gone)
            {
                _metrics.LateWriteRefused("commit");
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
            _metrics.Committed(outcome, started);
            _commits.DropDone();
            _turn.Release();
        }
    }

    public async ValueTask<bool> RefreshAsync() => await RunAsync(static (grain, _) => grain.RefreshOnceAsync(), 0);

    public async ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason)
    {
        bool destroyed = await RunAsync(static (grain, call) => grain.DestroyOnceAsync(call.incarnation, call.reason), (incarnation, reason));
        if (!destroyed && incarnation is not null)
        {
            _metrics.LateWriteRefused("destroy");
        }

        return destroyed;
    }

    public async ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, Guid operationId) =>
        await RunAsync(
            static (grain, call) => grain.Current.Version == call.version || !grain._session.IsActive(grain._session.NowMs)
                ? grain.DestroyOnceAsync(call.incarnation, EndReason.Destroyed, call.operationId)
                : Task.FromResult(false),
            (incarnation, version, operationId));

    public async ValueTask<bool> RotateAsync(string newKey, Guid incarnation)
    {
        ArgumentException.ThrowIfNullOrEmpty(newKey);
        if (newKey == _key)
        {
            throw new ArgumentException("A session is rotated to the key of a newly made token, not to its own.", nameof(newKey));
        }

        bool rotated = await RunAsync(static (grain, call) => grain._rotation.RotateAsync(call.newKey, call.incarnation), (newKey, incarnation));
        if (!rotated)
        {
            _metrics.LateWriteRefused("rotate");
        }

        return rotated;
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
                Namespace = Current.Namespace,
            }
            : null;
    }

    public async ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline)
    {
        long? next = await RunAsync(static (grain, indexed) => grain._settlement.ExpireAsync(indexed), indexedDeadline.ToUnixTimeMilliseconds());
        if (next is not long nextMs)
        {
            if (!_lock.IsInUse)
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
        bool acquired = await _lock.AcquireAsync(request);
        _metrics.LockAnswered(acquired, started);
        if (acquired)
        {
            StayForLock();
        }

        return acquired;
    }

    public ValueTask<SessionLock?> GetLockAsync() => ValueTask.FromResult(_lock.Held);

    public ValueTask<bool> ReleaseAsync(byte[]? owner)
    {
        bool released = _lock.Release(owner);
        if (released && !_lock.IsInUse)
        {
            DelayDeactivation(TimeSpan.Zero);
            if (_session.Knowledge == StateKnowledge.Known && Current.Status == SessionStatus.None)
            {
                DeactivateOnIdle();
            }
        }

        return ValueTask.FromResult(released);
    }

    public ValueTask<bool> ExtendAsync(TimeSpan lease)
    {
        bool extended = _lock.Extend(lease);
        if (extended)
        {
            StayForLock();
        }

        return ValueTask.FromResult(extended);
    }

    public Task AdoptAsync(SessionState session) => RunAsync(static (grain, session) => grain._rotation.AdoptAsync(session), session);

    public Task ConfirmAsync(Guid incarnation) => RunAsync(static (grain, incarnation) => grain._rotation.ConfirmAsync(incarnation), incarnation);

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
            settled = await RunAsync(static (grain, _) => grain._settlement.SettleAsync(), 0);
        }
        catch (SessionUnavailableException)
        {
            // What is left to do stands in Redis and in the expiry index, so the sweep does it if no call comes before.
        }

        if (!settled)
        {
            _settleNotBeforeMs = _session.NowMs + SessionSettlement.RetryAfterMs;
        }
    }

    private async ValueTask<LoadResult> ReadThenLoadAsync(bool touch)
    {
        try
        {
            await _session.EnsureKnownAsync();
        }
        catch (Exception exception)
        {
            _metrics.Loaded(Outcomes.Of(exception));
            throw;
        }

        return Load(touch);
    }

    private LoadResult Load(bool touch)
    {
        long now = _session.NowMs;
        if (!_session.IsActive(now))
        {
            if (Current.Status == SessionStatus.None && !_lock.IsInUse)
            {
                // A key that nobody used keeps no memory: anybody can send unknown tokens.
                DeactivateOnIdle();
            }

            LoadResult ended = Current.Ending?.MovedTo is null ? LoadResult.None : LoadResult.RotatedAway;
            _metrics.Loaded(Outcomes.Of(ended.Outcome));
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

        _metrics.Loaded(Outcomes.Of(LoadOutcome.Active));
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

    private async Task<bool> DestroyOnceAsync(Guid? incarnation, EndReason reason, Guid? operationId = null)
    {
        long now = _session.NowMs;
        if (incarnation is not null && incarnation != Current.Incarnation)
        {
            return false;
        }

        if (!_session.IsActive(now))
        {
            // True for a repetition of the call that destroyed this incarnation.
            return incarnation is not null && Current.Ending is { MovedTo: null } ended && (operationId is null || ended.OperationId == operationId);
        }

        SessionEnding ending = new() { Reason = reason, RemoveAtMs = now + TombstoneGraceMs, OperationId = operationId };
        await _session.StoreAsync(_events.HasHandlers ? Current.Ended(ending) : Current.Buried(ending));
        _metrics.Ended(reason);
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

    /// <summary>A lock is in this activation's memory, so the activation outlives its lease.</summary>
    private void StayForLock()
    {
        if (_lock.Held is { } held)
        {
            DelayDeactivation(held.ExpiresAt - _options.TimeProvider.GetUtcNow());
        }
    }

    private void RequestSettlingIfNeeded()
    {
        if (_settlement.IsDue)
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

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
