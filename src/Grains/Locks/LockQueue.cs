using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Locks;

/// <summary>Queue for a session's lock, first come first served. Runs in the grain's context, without concurrency.</summary>
internal sealed class LockQueue(TimeProvider time)
{
    private const int MaxReleases = 64;

    private readonly LinkedList<Waiter> _waiting = [];

    // Releases without an owner that may still be retried, oldest first. A release that names the owner needs no memory: the next owner differs.
    private Queue<SessionOperation>? _releases;
    private SessionLock? _held;

    /// <summary>The current lock; null: free.</summary>
    public SessionLock? Held => _held is { } held && held.ExpiresAt > time.GetUtcNow() ? held : null;

    /// <summary>Whether an activation without a session still has something to remember.</summary>
    public bool IsInUse => Held is not null || _waiting.Count > 0 || _releases?.Any(released => released.Deadline >= time.GetUtcNow()) == true;

    /// <summary>Adopts the lock left by an earlier activation.</summary>
    public void TakeOver(SessionLock? left) => _held ??= left;

    public async ValueTask<bool> AcquireAsync(SessionLockRequest request)
    {
        PassOn();
        if (Held is { } held)
        {
            return held.OperationId == request.OperationId || (request.Wait > TimeSpan.Zero && await WaitAsync(request));
        }

        Grant(request);
        return true;
    }

    /// <summary>Releases the lock. A retry gets the first call's answer and does not affect the next owner.</summary>
    /// <param name="owner">The required owner; null: any.</param>
    /// <param name="operation">Identifies the call; null: it is never retried.</param>
    public bool Release(byte[]? owner, SessionOperation? operation = null)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (operation is not null && _releases?.Any(released => released.Id == operation.Id) == true)
        {
            return true;
        }

        if (operation?.Deadline < now)
        {
            return false;
        }

        if (Held is not { } held || !IsOwner(held, owner))
        {
            return false;
        }

        if (operation is not null && owner is null)
        {
            Remember(operation, now);
        }

        _held = null;
        PassOn();
        return true;
    }

    public bool Extend(byte[]? owner, TimeSpan lease)
    {
        if (Held is not { } held || !IsOwner(held, owner))
        {
            return false;
        }

        _held = held with { ExpiresAt = Until(lease) };
        return true;
    }

    private static bool IsOwner(SessionLock held, byte[]? owner) => owner is null || held.Owner.AsSpan().SequenceEqual(owner);

    private async ValueTask<bool> WaitAsync(SessionLockRequest request)
    {
        // A retry shares the place of its original request: with two places, it would be given the lock twice and know of it once.
        LinkedListNode<Waiter> place = PlaceOf(request.OperationId) ?? _waiting.AddLast(new Waiter(request));
        Waiter waiter = place.Value;
        waiter.Calls++;
        long started = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = request.Wait - time.GetElapsedTime(started);
            if (waiter.Granted.Task.IsCompleted)
            {
                return true;
            }

            if (left <= TimeSpan.Zero)
            {
                if (--waiter.Calls == 0)
                {
                    _waiting.Remove(place);
                }

                return false;
            }

            // Wake when the lease ends, and pass the lock to the first in the queue.
            TimeSpan lease = _held is { } held ? held.ExpiresAt - time.GetUtcNow() : left;
            try
            {
                await waiter.Granted.Task.WaitAsync(lease > TimeSpan.Zero && lease < left ? lease : left, time);
            }
            catch (TimeoutException)
            {
                PassOn();
            }
        }
    }

    private void Remember(SessionOperation release, DateTimeOffset now)
    {
        _releases ??= new Queue<SessionOperation>();
        while (_releases.TryPeek(out SessionOperation? oldest) && (oldest.Deadline < now || _releases.Count >= MaxReleases))
        {
            _releases.Dequeue();
        }

        _releases.Enqueue(release);
    }

    private LinkedListNode<Waiter>? PlaceOf(Guid operationId)
    {
        LinkedListNode<Waiter>? place = _waiting.First;
        while (place is not null && place.Value.Request.OperationId != operationId)
        {
            place = place.Next;
        }

        return place;
    }

    private void PassOn()
    {
        if (Held is null && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            Grant(first.Value.Request);
            first.Value.Granted.SetResult();
        }
    }

    private void Grant(SessionLockRequest request) =>
        _held = new SessionLock { Owner = request.Owner, ExpiresAt = Until(request.Lease), OperationId = request.OperationId };

    private DateTimeOffset Until(TimeSpan lease) => time.GetUtcNow() + (lease < SessionLock.MaxLease ? lease : SessionLock.MaxLease);

    private sealed record Waiter(SessionLockRequest Request)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The number of waiting calls: the first, and its retries.</summary>
        public int Calls { get; set; }
    }
}
