using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Locks;

/// <summary>
/// Lock of a session within its activation. It starts with the lock that an earlier activation left, keeps its activation alive for the lease, and is dropped once it
/// has nothing to remember. Runs in the grain's context.
/// </summary>
internal sealed class ActivationLock(ILockedActivation activation, SessionMetrics metrics, TimeProvider time)
{
    private readonly LockQueue _queue = new(time);
    private bool _isKnown;
    private int _calls;

    /// <inheritdoc cref="LockQueue.Held"/>
    public SessionLock? Held => Queue.Held;

    /// <summary>Whether an activation without a session has something to remember: a lock, or a call that may be about to get it.</summary>
    public bool IsInUse => _calls > 0 || Queue.IsInUse;

    private LockQueue Queue
    {
        get
        {
            if (activation.TakeLeftLock() is { } left)
            {
                _isKnown = true;
                _queue.TakeOver(left);
            }

            return _queue;
        }
    }

    public async ValueTask<bool> AcquireAsync(SessionLockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long started = Stopwatch.GetTimestamp();
        bool acquired;
        _calls++;
        try
        {
            await PrepareAsync();
            _isKnown = true;
            acquired = await Queue.AcquireAsync(request);
            await activation.EnsureLeaseAsync();
        }
        finally
        {
            EndCall();
        }

        metrics.LockAnswered(acquired, started);
        if (acquired)
        {
            StayForLease();
        }

        return acquired;
    }

    public async ValueTask<SessionLock?> GetAsync()
    {
        _calls++;
        try
        {
            await PrepareAsync();
            return Held;
        }
        finally
        {
            EndCall();
        }
    }

    public async ValueTask<bool> ReleaseAsync(byte[]? owner, SessionOperation? operation)
    {
        _calls++;
        try
        {
            await PrepareAsync();
            return Queue.Release(owner, operation);
        }
        finally
        {
            EndCall();
        }
    }

    public async ValueTask<bool> ExtendAsync(byte[]? owner, TimeSpan lease)
    {
        _calls++;
        try
        {
            await PrepareAsync();
            if (!Queue.Extend(owner, lease))
            {
                return false;
            }

            StayForLease();
            return true;
        }
        finally
        {
            EndCall();
        }
    }

    private async ValueTask PrepareAsync()
    {
        if (!_isKnown)
        {
            await activation.FindLeftLockAsync();
        }

        await activation.EnsureLeaseAsync();
    }

    private void StayForLease()
    {
        if (Held is { } held)
        {
            activation.StayFor(held.ExpiresAt - time.GetUtcNow());
        }
    }

    private void EndCall()
    {
        _calls--;
        if (!IsInUse)
        {
            activation.DropLock();
        }
    }
}
