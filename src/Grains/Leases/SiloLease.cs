using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Lease under which the silo answers for its sessions. It is confirmed several times a second and expires by itself, on a monotonic clock, before any other silo may
/// take the sessions over. Checking it costs one clock reading.
/// </summary>
internal sealed class SiloLease(TimeProvider time)
{
    /// <summary>
    /// Length of a confirmed lease, counted from before the request. Longer than a pause that a silo should survive without noticing; shorter than the time in which
    /// other silos detect a death, so that taking over rarely waits for it.
    /// </summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1_800);

    /// <summary>How long a call waits for a confirmation before it is refused: less than its caller's response timeout.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private readonly Lock _lock = new();
    private TaskCompletionSource _attempt = NewAttempt();
    private long _validUntil = long.MinValue;
    private int _epoch;
    private volatile LeaseStanding _standing;

    /// <summary>Requests an attempt now instead of at the end of the period.</summary>
    public event Action? Wanted;

    /// <summary>Whether the silo may answer for its sessions now.</summary>
    public bool IsValid => time.GetTimestamp() < Volatile.Read(ref _validUntil);

    public LeaseStanding Standing => _standing;

    /// <summary>Changes when Redis has lost acknowledged data: states read before the change are invalid.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Requests an attempt to confirm the lease now.</summary>
    /// <returns>A task that completes when the current attempt, or else the next one, has ended.</returns>
    public Task RequestAttempt()
    {
        Task attempt = Volatile.Read(ref _attempt).Task;
        Wanted?.Invoke();
        return attempt;
    }

    /// <summary>Completes at once while the lease is valid; otherwise waits briefly for its confirmation.</summary>
    /// <exception cref="SessionOwnershipException">The lease was not confirmed: another silo may own the sessions, so retry the call.</exception>
    /// <exception cref="SessionUnavailableException">The lease was not confirmed because Redis is away.</exception>
    public ValueTask EnsureAsync() => IsValid ? ValueTask.CompletedTask : new ValueTask(ConfirmAsync());

    /// <summary>Extends the lease by its length from the time of the request.</summary>
    public void Extend(long asked)
    {
        lock (_lock)
        {
            if (_standing != LeaseStanding.Revoked)
            {
                long until = asked + time.TicksOf(Length);
                Volatile.Write(ref _validUntil, Math.Max(_validUntil, until));
                _standing = IsValid ? LeaseStanding.Confirmed : LeaseStanding.Unconfirmed;
            }
        }
    }

    /// <summary>Records why the lease was not extended. Its remaining time stays valid.</summary>
    public void Fail(LeaseStanding standing)
    {
        lock (_lock)
        {
            if (_standing != LeaseStanding.Revoked)
            {
                _standing = standing;
            }
        }
    }

    /// <summary>Ends the lease for good.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _standing = LeaseStanding.Revoked;
            Volatile.Write(ref _validUntil, long.MinValue);
        }

        EndAttempt();
    }

    /// <summary>Invalidates every state read so far.</summary>
    public void BeginEpoch() => Interlocked.Increment(ref _epoch);

    /// <summary>Notifies waiting calls that an attempt has ended.</summary>
    public void EndAttempt() => Interlocked.Exchange(ref _attempt, NewAttempt()).SetResult();

    private static TaskCompletionSource NewAttempt() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ConfirmAsync()
    {
        long started = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = Patience - time.GetElapsedTime(started);
            Task attempt = RequestAttempt();
            if (!IsValid && left > TimeSpan.Zero && _standing != LeaseStanding.Revoked)
            {
                await attempt.WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }

            if (IsValid)
            {
                return;
            }

            if (_standing == LeaseStanding.StorageAway)
            {
                throw new SessionUnavailableException(
                    "Redis can't be reached, so the silo can't prove that it owns the session. Nothing acknowledged is lost; try again later.");
            }

            if (_standing == LeaseStanding.Revoked || time.GetElapsedTime(started) >= Patience)
            {
                throw new SessionOwnershipException("The silo can't prove that it owns the session: it was frozen or cut off. Retry the call.");
            }
        }
    }
}
