using Orleans.Storage;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// An activation's view of its session in Redis. <see cref="Current"/> is what Redis has acknowledged and all that readers may see; a change makes the
/// next state, stores it, and only then takes it over.
/// </summary>
internal sealed class StoredSession(IPersistentState<SessionState> storage, DeadlineIndex index, SessionMetrics metrics, string key, TimeProvider time)
{
    private const int UnsavedTouchPercent = 5;
    private const long MinUnsavedTouchMs = 1_000;

    private Task? _reading;
    private bool _isAmended;
    private bool _isCounted;
    private bool _isLeaving;

    public SessionState Current
    {
        get;
        private set
        {
            field = value;
            Count(value.Status == SessionStatus.Active);
        }
    } = new();

    /// <summary>The last use, stored or not.</summary>
    public long LastUsedAtMs { get; private set; }

    public StateKnowledge Knowledge { get; private set; } = StateKnowledge.Unread;

    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public long DeadlineMs => Current.DeadlineMs(LastUsedAtMs);

    /// <summary>Whether a crash now would move the deadline back by more than is promised.</summary>
    public bool HasUnsavedTouch =>
        LastUsedAtMs - Current.LastUsedAtMs > Math.Max(MinUnsavedTouchMs, Current.IdleTimeoutMs * UnsavedTouchPercent / 100);

    /// <summary>Whether Redis lacks something that a later activation had better know.</summary>
    public bool HasUnsavedChange => _isAmended || LastUsedAtMs > Current.LastUsedAtMs;

    public bool IsActive(long nowMs) => Current.Status == SessionStatus.Active && nowMs < DeadlineMs;

    public void Touch(long nowMs) => LastUsedAtMs = Math.Max(nowMs, LastUsedAtMs);

    /// <summary>Takes over what the activation read when it started, unless Redis could not be asked.</summary>
    public void TakeOverActivationRead()
    {
        if (storage.Etag != SessionGrainStorage.UnreadETag)
        {
            TakeOver(storage.State);
        }
    }

    /// <summary>Reads the state unless it is known.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public async Task EnsureKnownAsync()
    {
        if (Knowledge == StateKnowledge.Known)
        {
            return;
        }

        // Loads interleave with other calls: both may come here, and one read serves them.
        _reading ??= storage.ReadStateAsync();
        try
        {
            await _reading;
        }
        finally
        {
            _reading = null;
        }

        if (Knowledge == StateKnowledge.Known)
        {
            return;
        }

        if (storage.Etag == SessionGrainStorage.UnreadETag)
        {
            throw new SessionUnavailableException("The session can't be read: Redis is not reachable. Nothing is lost; try again later.");
        }

        TakeOver(storage.State);
    }

    /// <summary>Stores a state and takes it over. The expiry index hears of an earlier deadline first, so that no state exists that the sweep doesn't know.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached; with <see cref="StateKnowledge.InDoubt"/>, it may have stored the state all the same.</exception>
    public async Task StoreAsync(SessionState next)
    {
        long now = NowMs;
        long due = next.Status switch
        {
            SessionStatus.Active => next.DeadlineMs(LastUsedAtMs),
            SessionStatus.Tombstone when !next.Ending!.HandoverPending => next.Ending.RemoveAtMs,
            _ => now,
        };

        // An indexed deadline in the past may be one that the sweep has moved since.
        if (due < next.IndexedDeadlineMs || next.IndexedDeadlineMs <= now)
        {
            await index.ScheduleAsync(key, due);
            next = next with { IndexedDeadlineMs = due };
        }

        next = next with { LastUsedAtMs = LastUsedAtMs };
        SessionState before = storage.State;
        storage.State = next;
        try
        {
            await WatchAsync(storage.WriteStateAsync());
        }
        catch
        {
            storage.State = before;
            throw;
        }

        Current = next;
        _isAmended = false;
    }

    /// <summary>Deletes the state, and then its entry in the expiry index.</summary>
    /// <exception cref="SessionUnavailableException">As with <see cref="StoreAsync"/>.</exception>
    public async Task RemoveAsync()
    {
        long indexed = Current.IndexedDeadlineMs;
        await WatchAsync(storage.ClearStateAsync());
        Current = new SessionState();
        await index.RemoveAsync(key, indexed);
    }

    /// <summary>Drops an index entry that no state belongs to.</summary>
    public Task UnscheduleAsync(long indexedDeadlineMs) => index.RemoveAsync(key, indexedDeadlineMs);

    /// <summary>Tells the index when to ask next.</summary>
    public async Task RescheduleAsync(long dueMs)
    {
        await index.RescheduleAsync(key, dueMs);
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

    private void Count(bool active)
    {
        bool counts = active && !_isLeaving;
        if (counts != _isCounted)
        {
            _isCounted = counts;
            if (counts)
            {
                metrics.Activated();
            }
            else
            {
                metrics.Deactivated();
            }
        }
    }

    private async Task WatchAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (SessionUnavailableException)
        {
            Knowledge = StateKnowledge.InDoubt;
            throw;
        }
        catch (InconsistentStateException)
        {
            // Another activation wrote, or a write of ours that was given up arrived late: what this activation knows is worthless.
            Knowledge = StateKnowledge.Unread;
            throw;
        }
    }

    private void TakeOver(SessionState state)
    {
        if (state.Schema > SessionState.CurrentSchema)
        {
            throw new InvalidOperationException(
                $"The session was stored by a newer version (schema {state.Schema}; this silo knows {SessionState.CurrentSchema}). Finish the upgrade of all silos.");
        }

        bool sameSession = state.Incarnation == Current.Incarnation;
        LastUsedAtMs = sameSession ? Math.Max(LastUsedAtMs, state.LastUsedAtMs) : state.LastUsedAtMs;
        Current = state;
        Knowledge = StateKnowledge.Known;
        _isAmended = false;
    }
}
