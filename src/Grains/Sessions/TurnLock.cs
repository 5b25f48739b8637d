namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Lock that runs the changes of a session one at a time, first come first served. Used in the grain's context only, where only cancellation is concurrent. Embedded in
/// the grain's object, because most sessions never have waiters: never copy it.
/// </summary>
internal struct TurnLock
{
    private Queue<TaskCompletionSource>? _waiting;
    private bool _isTaken;

    public readonly bool IsFree => !_isTaken;

    /// <summary>Completes when it is the caller's turn, which lasts until <see cref="Release"/>. A cancelled call gets no turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default)
    {
        if (!_isTaken)
        {
            _isTaken = true;
            return Task.CompletedTask;
        }

        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.UnsafeRegister(static (place, cancelled) => ((TaskCompletionSource)place!).TrySetCanceled(cancelled), place);
        (_waiting ??= new Queue<TaskCompletionSource>()).Enqueue(place);
        return place.Task;
    }

    /// <summary>Ends the turn and passes it to the next waiter, if any.</summary>
    public void Release()
    {
        while (_waiting is not null && _waiting.TryDequeue(out TaskCompletionSource? next))
        {
            if (next.TrySetResult())
            {
                return;
            }
        }

        _waiting = null;
        _isTaken = false;
    }
}
