using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// An activation's view of its session in Redis. <see cref="Current"/> is what Redis has acknowledged and all that readers may see; a change makes the
/// next state, stores it, and only then takes it over.
/// </summary>
internal sealed class StoredSession(SessionSilo silo, IGrainContext context) : SessionRecord
{
    private const string StateName = "session";
    private const int UnsavedTouchPercent = 5;
    private const long MinUnsavedTouchMs = 1_000;
    private static readonly TimeSpan HoldStep = TimeSpan.FromMilliseconds(50);

    private Task? _reading;
    private SessionLock? _leftLock;
    private bool _wasRead;
    private bool _isAmended;
    private bool _isCounted;
    private bool _isLeaving;
    private bool _isCreationInDoubt;
    private int _epoch;

    public SessionState Current
    {
        get;
        private set
        {
            field = value;
            Count(value.Status == SessionStatus.Active);
        }
    } = SessionState.None;

    /// <summary>The last use, stored or not.</summary>
    public long LastUsedAtMs { get; private set; }

    /// <summary>What is known of the state in Redis. A state that was read before Redis lost data is void.</summary>
    public StateKnowledge Knowledge
    {
        get => _epoch == silo.Lease.Epoch ? field : StateKnowledge.Unread;
        private set => (field, _epoch) = (value, silo.Lease.Epoch);
    }

    public override bool IsKnownToBeAbsent => Knowledge == StateKnowledge.Known && ETag is null;

    /// <summary>Whether Redis was asked and has not answered yet.</summary>
    public bool IsBeingRead => _reading is not null;

    /// <summary>The text of the session's key.</summary>
    public string Key => context.GrainId.Key.ToString();

    public long NowMs => silo.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public long DeadlineMs => Current.DeadlineMs(LastUsedAtMs);

    /// <summary>Whether a crash now would move the deadline back by more than is promised.</summary>
    public bool HasUnsavedTouch =>
        LastUsedAtMs - Current.LastUsedAtMs > Math.Max(MinUnsavedTouchMs, Current.IdleTimeoutMs * UnsavedTouchPercent / 100);

    /// <summary>Whether Redis lacks something that a later activation had better know.</summary>
    public bool HasUnsavedChange => _isAmended || LastUsedAtMs > Current.LastUsedAtMs;

    public bool IsActive(long nowMs) => Current.Status == SessionStatus.Active && nowMs < DeadlineMs;

    public void Touch(long nowMs) => LastUsedAtMs = Math.Max(nowMs, LastUsedAtMs);

    /// <summary>Takes the lock that an earlier activation left, once; null: none.</summary>
    public SessionLock? TakeLeftLock()
    {
        SessionLock? left = _leftLock;
        _leftLock = null;
        return left;
    }

    /// <summary>Reads the state unless it is known.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task EnsureKnownAsync() => Knowledge == StateKnowledge.Known ? Task.CompletedTask : ReadAsync();

    /// <summary>Stores a state and takes it over. The expiry index hears of an earlier deadline with it, so that no state exists that the sweep doesn't know.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached; with <see cref="StateKnowledge.InDoubt"/>, it may have stored the state all the same.</exception>
    public async Task StoreAsync(SessionState next)
    {
        Prepare(next);
        try
        {
            await silo.Storage.WriteStateAsync(StateName, context.GrainId, this);
        }
        catch (Exception exception)
        {
            GiveUp(exception);
            throw;
        }

        TakeOverStored();
    }

    /// <summary>Stores the first state of a session that nobody has looked for. False: there is one, or Redis did not answer; it has to be read.</summary>
    public async Task<bool> TryCreateAsync(SessionState first)
    {
        Prepare(first);
        ETag = null;
        Knowledge = StateKnowledge.Presumed;
        try
        {
            Task written = silo.Storage.WriteStateAsync(StateName, context.GrainId, this);
            await silo.View.ConfirmAsync();
            await written;
            await ClaimIndexEntryAsync();
            await WaitForPredecessorsAsync();
            TakeOverStored();
            _wasRead = true;
            Knowledge = StateKnowledge.Known;
            return true;
        }
        catch (Exception exception) when (exception is SessionUnavailableException or InconsistentStateException)
        {
            // The state may be stored and the index may not know it.
            _isCreationInDoubt |= exception is SessionUnavailableException;
            return false;
        }
        finally
        {
            if (Knowledge == StateKnowledge.Presumed)
            {
                State = Current;
                Knowledge = StateKnowledge.Unread;
            }
        }
    }

    /// <summary>Deletes the state. Its entry in the expiry index stays until <see cref="UnscheduleAsync"/>.</summary>
    /// <exception cref="SessionUnavailableException">As with <see cref="StoreAsync"/>.</exception>
    public async Task RemoveAsync()
    {
        try
        {
            await silo.Storage.ClearStateAsync(StateName, context.GrainId, this);
        }
        catch (Exception exception)
        {
            GiveUp(exception);
            throw;
        }

        Current = SessionState.None;
    }

    /// <summary>Drops an index entry that no state belongs to.</summary>
    public Task UnscheduleAsync(long indexedDeadlineMs) => silo.Index.RemoveAsync(context.GrainId.Key, indexedDeadlineMs);

    /// <summary>Tells the index when to ask next.</summary>
    public async Task RescheduleAsync(long dueMs)
    {
        await silo.Index.RescheduleAsync(context.GrainId.Key, dueMs);
        Current = Current with { IndexedDeadlineMs = dueMs };
    }

    /// <summary>Changes the state in memory only: for what may be forgotten in a crash. It reaches Redis with the next write, or on deactivation.</summary>
    public void Amend(SessionState state)
    {
        Current = state;
        _isAmended = true;
    }

    /// <summary>Counts the session as one of this silo's no longer, whatever is stored yet: its activation ends.</summary>
    public void Leave()
    {
        _isLeaving = true;
        Count(false);
    }

    private async Task ReadAsync()
    {
        // Loads interleave with other calls: both may come here, and one read serves them.
        _reading ??= FindAsync();
        try
        {
            await _reading;
        }
        finally
        {
            _reading = null;
        }
    }

    /// <summary>
    /// Reads what is there once no earlier activation can answer for the session any more. Where a write of one may still be on its way, the state is stored again
    /// under a new ETag: Redis then refuses that write, or has carried it out before.
    /// </summary>
    private async Task FindAsync()
    {
        bool wasInDoubt = Knowledge == StateKnowledge.InDoubt;
        Task read = silo.Storage.ReadStateAsync(StateName, context.GrainId, this);
        await silo.View.ConfirmAsync();
        await read;
        if (await WaitForPredecessorsAsync() || (!RecordExists && silo.Predecessors.MustClaim))
        {
            // What was not there can't be claimed, so it is looked for once more after the predecessor's lease has run out.
            await silo.Storage.ReadStateAsync(StateName, context.GrainId, this);
        }

        if (RecordExists && (wasInDoubt || _isCreationInDoubt || silo.Predecessors.MustClaim))
        {
            await ClaimAsync();
        }

        _isCreationInDoubt = false;

        if (Knowledge != StateKnowledge.Known)
        {
            TakeOverRead();
        }
    }

    /// <summary>Waits until no silo that was declared dead can hold a lease any more.</summary>
    /// <returns>Whether there was anything to wait for.</returns>
    private async ValueTask<bool> WaitForPredecessorsAsync()
    {
        bool waited = false;
        while (silo.Predecessors.Hold is var hold && hold > TimeSpan.Zero)
        {
            // In steps: a silo that finds itself dead says so, and need not be waited for.
            waited = true;
            await Task.Delay(hold < HoldStep ? hold : HoldStep);
        }

        return waited;
    }

    private async Task ClaimAsync()
    {
        // Whoever stored the state may have ended before the index answered.
        NewDeadlineMs = State.IndexedDeadlineMs;
        try
        {
            await silo.Storage.WriteStateAsync(StateName, context.GrainId, this);
        }
        catch (InconsistentStateException)
        {
            // A late write came first: it is what is there now.
            await silo.Storage.ReadStateAsync(StateName, context.GrainId, this);
            NewDeadlineMs = State.IndexedDeadlineMs;
            if (RecordExists)
            {
                await silo.Storage.WriteStateAsync(StateName, context.GrainId, this);
            }
        }
    }

    /// <summary>
    /// Gives a session that was made without a look an index entry that no silo which was declared dead can remove: a removal that is still on its way is that of an
    /// earlier session's deadline.
    /// </summary>
    private ValueTask ClaimIndexEntryAsync() =>
        silo.Predecessors.MustClaim ? new(silo.Index.RescheduleAsync(context.GrainId.Key, State.IndexedDeadlineMs)) : ValueTask.CompletedTask;

    private void Prepare(SessionState next)
    {
        long now = NowMs;
        long due = next.Status switch
        {
            SessionStatus.Active => next.DeadlineMs(LastUsedAtMs),
            SessionStatus.Tombstone when !next.Ending!.HandoverPending => next.Ending.RemoveAtMs,
            _ => now,
        };

        // An indexed deadline in the past may be one that the sweep has moved since.
        bool isNews = due < next.IndexedDeadlineMs || next.IndexedDeadlineMs <= now;
        NewDeadlineMs = isNews ? due : 0;
        State = next with { LastUsedAtMs = LastUsedAtMs, IndexedDeadlineMs = isNews ? due : next.IndexedDeadlineMs };
    }

    private void TakeOverStored()
    {
        Current = State;
        _isAmended = false;
    }

    private void GiveUp(Exception exception)
    {
        State = Current;
        Knowledge = exception switch
        {
            SessionUnavailableException => StateKnowledge.InDoubt,

            // Another activation wrote, or a write of ours that was given up arrived late: what this activation knows is worthless.
            InconsistentStateException => StateKnowledge.Unread,
            _ => Knowledge,
        };
    }

    private void TakeOverRead()
    {
        bool sameSession = State.Incarnation == Current.Incarnation;
        LastUsedAtMs = sameSession ? Math.Max(LastUsedAtMs, State.LastUsedAtMs) : State.LastUsedAtMs;
        Current = State;
        Knowledge = StateKnowledge.Known;
        _isAmended = false;
        if (State.Lock is { } left)
        {
            // What is read again later is no news: who has the lock is known here since.
            _leftLock = _wasRead ? null : left;
            Amend(State with { Lock = null });
        }

        _wasRead = true;
    }

    private void Count(bool active)
    {
        bool counts = active && !_isLeaving;
        if (counts != _isCounted)
        {
            _isCounted = counts;
            if (counts)
            {
                silo.Metrics.Activated();
            }
            else
            {
                silo.Metrics.Deactivated();
            }
        }
    }
}
