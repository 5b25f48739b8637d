using Orleans.Storage;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Turns of a session's changes: one change runs at a time, commits that arrive meanwhile are stored together, and follow-up work is requested. Used in the grain's
/// context only.
/// </summary>
internal sealed class SessionTurn(StoredSession session)
{
    private CommitQueue _commits;
    private TurnLock _lock;
    private TurnHold? _hold;
    private long _settleNotBeforeMs;
    private bool _settleRequested;

    public StoredSession Session => session;

    public bool IsFree => _lock.IsFree;

    public PendingSignIns SignIns => field ??= new PendingSignIns();

    /// <summary>The oldest waiting commit; null: none.</summary>
    public PendingCommit? FirstCommit => _commits.First;

    /// <summary>Adds a commit to the queue, in front if the turn is held for it.</summary>
    public PendingCommit Enqueue(SessionCommit commit) => IsHeldFor(commit.OperationId) ? _commits.EnqueueFirst(commit) : _commits.Enqueue(commit);

    /// <inheritdoc cref="CommitQueue.DropDone"/>
    public void DropDoneCommits() => _commits.DropDone();

    /// <summary>Completes when it is the change's turn, which lasts until <see cref="Release"/>: at once if the turn is held for it.</summary>
    public Task WaitAsync(Guid? change = null, CancellationToken cancellationToken = default)
    {
        if (!IsHeldFor(change))
        {
            return _lock.WaitAsync(cancellationToken);
        }

        _hold = null;
        return Task.CompletedTask;
    }

    /// <summary>Ends the turn.</summary>
    public void Release() => _lock.Release();

    /// <summary>Keeps the current call's turn for a change that its caller has announced, for at most <see cref="TurnHold.Longest"/>.</summary>
    public void Hold(Guid change)
    {
        _hold = new TurnHold(change);
        LetGoInTimeAsync(_hold).Ignore();
    }

    /// <summary>Ends the turn if it is held for this change.</summary>
    public void LetGo(Guid change)
    {
        if (IsHeldFor(change))
        {
            EndHold();
        }
    }

    /// <summary>Reads the state unless it is known, for a call that waits for no turn.</summary>
    public async Task EnsureKnownAsync()
    {
        await session.EnsureLeaseAsync();
        if (session.Knowledge == StateKnowledge.Presumed)
        {
            // The creation in progress finds out the stored state.
            await _lock.WaitAsync();
            _lock.Release();
        }

        await session.EnsureKnownAsync();
        RequestSettlingIfNeeded();
    }

    /// <summary>
    /// Runs a change in its own turn. If its write got no answer, the state is read again and the change runs once more on the result: it recognises its earlier write,
    /// by its operation id or by its effect on the session, or is done now.
    /// </summary>
    public async Task<TResult> RunAsync<TCall, TResult>(Func<StoredSession, TCall, Task<TResult>> change, TCall call, Guid? operation = null)
    {
        await session.EnsureLeaseAsync();
        await WaitAsync(operation);
        try
        {
            await session.EnsureLeaseAsync();
            TResult result = await RunInTurnAsync(change, call);
            await session.EnsureLeaseAsync();
            return result;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>As <see cref="RunAsync"/>, for a caller that already has the turn.</summary>
    public async Task<TResult> RunInTurnAsync<TCall, TResult>(Func<StoredSession, TCall, Task<TResult>> change, TCall call)
    {
        try
        {
            await session.EnsureKnownAsync();
            TResult result;
            try
            {
                result = await change(session, call);
            }
            catch (SessionUnavailableException) when (session.Knowledge == StateKnowledge.InDoubt)
            {
                await session.EnsureKnownAsync();
                result = await change(session, call);
            }

            RequestSettlingIfNeeded();
            return result;
        }
        catch (SessionUnavailableException exception) when (session.Knowledge != StateKnowledge.Known)
        {
            // Fail the waiting commits too: each would run into the same failure, one after the other.
            _commits.Fail(exception);
            throw;
        }
        catch (InconsistentStateException exception)
        {
            // The next activation reads the stored state, and the callers' retries find it.
            _commits.Fail(exception);
            session.Deactivate();
            throw;
        }
    }

    /// <summary>Requests work that the session's state promises and that is still to be done.</summary>
    public void RequestSettlingIfNeeded()
    {
        if (SessionSettlement.IsDue(session.Current))
        {
            RequestSettling();
        }
    }

    /// <summary>Requests a turn for <see cref="ISessionHandoverGrain.SettleAsync"/>, unless one is requested already or failed a short while ago.</summary>
    public void RequestSettling()
    {
        if (!_settleRequested && session.NowMs >= _settleNotBeforeMs)
        {
            _settleRequested = true;
            session.SendSettle();
        }
    }

    /// <summary>Runs the requested work.</summary>
    public async Task SettleAsync(SessionSettlement settlement)
    {
        _settleRequested = false;
        bool settled = false;
        try
        {
            settled = await RunAsync(static (session, settlement) => settlement.SettleAsync(session), settlement);
        }
        catch (Exception exception) when (exception is SessionUnavailableException or SessionOwnershipException)
        {
            // Remaining work is recorded in Redis and in the expiry index, so the sweep does it if no call comes first.
            session.LogPutOff("The settling", exception);
        }

        if (!settled)
        {
            _settleNotBeforeMs = session.NowMs + SessionSettlement.RetryAfterMs;
        }
    }

    private bool IsHeldFor(Guid? change) => _hold is { } hold && hold.Change == change;

    private void EndHold()
    {
        _hold = null;
        _lock.Release();
    }

    private async Task LetGoInTimeAsync(TurnHold hold)
    {
        await Task.Delay(TurnHold.Longest, session.Time);
        if (ReferenceEquals(_hold, hold))
        {
            EndHold();
        }
    }
}
