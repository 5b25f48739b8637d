namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Write that is held on its way to Redis.</summary>
internal sealed class HeldWrite
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the grain has requested the write.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Waits for the write of a call. A call that ends without it fails: on a busy machine it can be lost on its way.</summary>
    public async Task ArrivesFromAsync(Task call)
    {
        if (await Task.WhenAny(Arrived, call) == call)
        {
            await call;
            Assert.Fail("The call has written nothing.");
        }
    }

    public void Release() => _released.TrySetResult();

    internal Task ArriveAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
