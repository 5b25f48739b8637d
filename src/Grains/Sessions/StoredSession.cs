using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// View of an activation's session in Redis. <see cref="Current"/> is the state that Redis has acknowledged, and the only one that readers may see; a change computes
/// the next state, stores it, and only then publishes it.
/// </summary>
internal sealed class StoredSession(SessionStore store, IGrainContext context) : SessionRecord, IClaimable<SessionState>
{
    private Task? _reading;
    private SessionLock? _leftLock;
    private bool _wasRead;
    private bool _isAmended;
    private bool _isCounted;

    /// <summary>Whether a write without an answer may still reach Redis.</summary>
    private bool _isWriteInDoubt;
    private int _epoch;
    private Publication _publication;
    private bool _isExpired;

    public SessionState Current
    {
        get;
        private set
        {
            _isExpired &= value.Incarnation == field.Incarnation;
            field = value;
            Publish();
        }
    } = SessionState.None;

    /// <summary>What other threads may see of the session.</summary>
    public ref Publication Publication => ref _publication;

    /// <inheritdoc cref="Publication.LastUsedAtMs"/>
    public long LastUsedAtMs => _publication.LastUsedAtMs;

    /// <summary>The knowledge about the state in Redis. A state read before Redis lost data is invalid.</summary>
    public StateKnowledge Knowledge
    {
        get => _epoch == store.Epoch ? field : StateKnowledge.Unread;
        private set
        {
            field = value;
            Publish();
        }
    }

    public override bool IsKnownToBeAbsent => Knowledge == StateKnowledge.Known && ETag is null;

    /// <summary>Whether a read of Redis is in progress.</summary>
    public bool IsBeingRead => _reading is not null;

    public bool IsInDoubt => _isWriteInDoubt;

    /// <summary>Whether the activation ends.</summary>
    public bool IsLeaving { get; private set; }

    public GrainId Id => context.GrainId;

    /// <summary>The text of the session's key.</summary>
    public string Key => context.GrainId.Key.ToString();

    public TimeProvider Time => store.Time;

    public long NowMs => store.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Returns until when the session must leave a tombstone if it ends now.</summary>
    public long TombstoneUntilMs(long nowMs) => Math.Max(nowMs + store.TombstoneGraceMs, LateCreationUntilMs(nowMs));

    /// <inheritdoc cref="SessionStore.LateCreationUntilMs"/>
    public long LateCreationUntilMs(long nowMs) => store.LateCreationUntilMs(Current.CreatedAtMs, nowMs);

    public long DeadlineMs => Current.DeadlineMs(LastUsedAtMs);

    /// <summary>Whether a crash now would move the deadline back by more than documented.</summary>
    public bool HasUnsavedTouch => Current.LacksUse(LastUsedAtMs);

    /// <summary>Whether there are changes that Redis lacks and a later activation should know.</summary>
    public bool HasUnsavedChange => _isAmended || LastUsedAtMs > Current.LastUsedAtMs;

    /// <inheritdoc cref="SessionStore.HasLease"/>
    public bool HasLease => store.HasLease;

    /// <inheritdoc cref="SessionStore.EnsureLeaseAsync"/>
    public ValueTask EnsureLeaseAsync() => store.EnsureLeaseAsync();

    /// <summary>Whether there is a session that has not expired. Once it has, no later use revives it.</summary>
    public bool IsActive(long nowMs) => Current.Status == SessionStatus.Active && !_isExpired && (nowMs < DeadlineMs || WasUsedMeanwhile(nowMs));

    /// <inheritdoc cref="Publication.Touch"/>
    public void Touch(long nowMs) => _publication.Touch(nowMs);

    /// <inheritdoc cref="Publication.Hide"/>
    public void Hide() => _publication.Hide();

    /// <inheritdoc cref="Publication.NoteMessage"/>
    public void NoteMessage() => _publication.NoteMessage(NowMs);

    /// <summary>Whether an earlier activation left a lock that is not taken yet.</summary>
    public bool HasLeftLock => _leftLock is not null;

    /// <summary>Takes the lock left by an earlier activation, once; null: none.</summary>
    public SessionLock? TakeLeftLock()
    {
        SessionLock? left = _leftLock;
        _leftLock = null;
        return left;
    }

    /// <summary>Reads the state unless it is known.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task EnsureKnownAsync()
    {
        NoteMessage();
        return Knowledge == StateKnowledge.Known ? Task.CompletedTask : ReadAsync();
    }

    /// <summary>
    /// Notes that a write without an answer, by another activation or without one, may still reach Redis. The state that is read next is claimed: that write is refused then.
    /// </summary>
    public void SuspectWrite() => _isWriteInDoubt = true;

    /// <summary>Stores a state and publishes it. An earlier deadline is indexed along with it, so that the sweep knows every stored state.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached; with <see cref="StateKnowledge.InDoubt"/>, it may still have stored the state.</exception>
    public async Task StoreAsync(SessionState next)
    {
        Prepare(next);
        try
        {
            await store.WriteAsync(this);
        }
        catch (Exception exception)
        {
            GiveUp(exception);
            throw;
        }

        TakeOverStored();
    }

    /// <summary>
    /// Judges the secret that a caller presents, or the incarnation that it presents instead. If the session is not active, the result does not matter.
    /// </summary>
    public SecretStanding Judge(SecretHash secret, Guid? incarnation, long presentedMs, long nowMs) =>
        incarnation == Current.Incarnation || !IsActive(nowMs) ? SecretStanding.Valid : Current.Judge(secret, presentedMs, nowMs);

    /// <summary>Records a use of the session, and stores it if a crash would lose more of it than documented. Returns false if there is no session.</summary>
    public async Task<bool> RefreshAsync()
    {
        long now = NowMs;
        if (!IsActive(now))
        {
            return false;
        }

        Touch(now);
        if (HasUnsavedTouch)
        {
            await StoreAsync(Current);
        }

        return true;
    }

    /// <summary>Stores the first state of a session without a prior read. Returns false if a session exists or Redis did not answer; it must then be read.</summary>
    public async Task<bool> TryCreateAsync(SessionState first)
    {
        Prepare(first);
        ETag = null;
        Ask(StateKnowledge.Presumed);
        bool isCreated = false;
        try
        {
            Task written = store.WriteAsync(this);
            await store.ConfirmViewAsync();
            await written;
            await store.ClaimIndexEntryAsync(this);
            await store.WaitForPredecessorsAsync();
            TakeOverStored();
            _wasRead = true;
            Knowledge = StateKnowledge.Known;
            isCreated = true;
            return true;
        }
        catch (Exception exception) when (exception is SessionUnavailableException or InconsistentStateException)
        {
            // The state may be stored without an index entry.
            LogPutOff("The creation", exception);
            _isWriteInDoubt |= exception is SessionUnavailableException;
            return false;
        }
        finally
        {
            if (!isCreated)
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
            await store.ClearAsync(this);
        }
        catch (Exception exception)
        {
            GiveUp(exception);
            throw;
        }

        Current = SessionState.None;
    }

    /// <summary>Removes an index entry without a state.</summary>
    public Task UnscheduleAsync(long indexedDeadlineMs) => store.UnscheduleAsync(this, indexedDeadlineMs);

    /// <summary>Sets when the sweep asks next.</summary>
    public async Task RescheduleAsync(long dueMs)
    {
        await store.RescheduleAsync(this, dueMs);
        Current = Current with { IndexedDeadlineMs = dueMs };
    }

    /// <summary>Changes the state in memory only, for changes that may be lost in a crash. Stored with the next write, or on deactivation.</summary>
    public void Amend(SessionState state)
    {
        Current = state;
        _isAmended = true;
    }

    /// <summary>Stops counting the session as active in this silo: its activation ends.</summary>
    public void Leave()
    {
        IsLeaving = true;
        Publish();
    }

    /// <summary>Makes the next write store the state that was read. Its writer may have died before the index answered.</summary>
    public void PrepareClaim() => NewDeadlineMs = State.IndexedDeadlineMs;

    /// <summary>Makes the state read from Redis the current one, unless it is known by now.</summary>
    public void TakeOverFound()
    {
        _isWriteInDoubt = false;
        if (Knowledge == StateKnowledge.Known)
        {
            return;
        }

        bool sameSession = State.Incarnation == Current.Incarnation;
        _publication.LastUsedAtMs = sameSession ? Math.Max(LastUsedAtMs, State.LastUsedAtMs) : State.LastUsedAtMs;
        Current = State;
        Knowledge = StateKnowledge.Known;
        _isAmended = false;
        if (State.Lock is { } left)
        {
            // A later read brings no news of the lock: its owner has been tracked here since.
            _leftLock = _wasRead ? null : left;
            Amend(State with { Lock = null });
        }

        _wasRead = true;
    }

    /// <inheritdoc cref="SessionStore.LogPutOff(StoredSession, string, Exception)"/>
    public void LogPutOff(string what, Exception exception) => store.LogPutOff(this, what, exception);

    /// <summary>Ends the activation when it is idle.</summary>
    public void Deactivate() => context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The session needs no activation, or a new one."));

    /// <summary>Sends the grain a message, to get its own turn after the current call's answer.</summary>
    public void SendSettle() => context.GrainReference.AsReference<ISessionHandoverGrain>().SettleAsync().Ignore();

    private async Task ReadAsync()
    {
        // Loads interleave with other calls: both may get here and share one read.
        if (_reading is null)
        {
            Ask(Knowledge);
            _reading = store.FindAsync(this);
        }

        try
        {
            await _reading;
        }
        finally
        {
            _reading = null;
        }
    }

    /// <summary>Begins to learn the state. What Redis answers is of the epoch in which it was asked.</summary>
    private void Ask(StateKnowledge meanwhile)
    {
        _epoch = store.Epoch;
        Knowledge = meanwhile;
    }

    private void Prepare(SessionState next)
    {
        long now = NowMs;
        long due = next.Status switch
        {
            SessionStatus.Active => next.DeadlineMs(LastUsedAtMs),
            SessionStatus.Tombstone when !next.Ending!.HandoverPending => next.Ending.RemoveAtMs,
            _ => now,
        };

        // The sweep may have moved an indexed deadline that lies in the past.
        bool isNews = due < next.IndexedDeadlineMs || next.IndexedDeadlineMs <= now;
        NewDeadlineMs = isNews ? due : 0;
        State = next with { LastUsedAtMs = LastUsedAtMs, IndexedDeadlineMs = isNews ? due : next.IndexedDeadlineMs };
    }

    private void TakeOverStored()
    {
        // An active state is stored only in a turn that found the session active, even if a load has found it expired since.
        _isExpired &= State.Status != SessionStatus.Active;
        NoteMessage();
        Current = State;
        _isAmended = false;
    }

    private void GiveUp(Exception exception)
    {
        State = Current;
        if (exception is SessionUnavailableException)
        {
            _isWriteInDoubt = true;
            Knowledge = StateKnowledge.InDoubt;
        }
        else if (exception is InconsistentStateException)
        {
            // Another activation wrote, or an abandoned write of ours arrived late: discard what this activation knows.
            Knowledge = StateKnowledge.Unread;
        }
    }

    /// <summary>Whether a reader of the published state has used the session since the grain last looked. If not, no reader can use it any more.</summary>
    private bool WasUsedMeanwhile(long nowMs)
    {
        _publication.Write(null, _epoch);
        _isExpired = nowMs >= DeadlineMs;
        Publish();
        return !_isExpired;
    }

    /// <summary>Lets other threads read the state that Redis has acknowledged, until the activation ends.</summary>
    private void Publish()
    {
        bool isActive = Current.Status == SessionStatus.Active && !IsLeaving;
        _publication.Write(isActive && !_isExpired && Knowledge == StateKnowledge.Known ? Current : null, _epoch);
        if (isActive != _isCounted)
        {
            _isCounted = isActive;
            store.Count(this, isActive);
        }
    }
}
