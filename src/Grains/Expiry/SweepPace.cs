namespace OrleansSessions.Grains.Expiry;

/// <summary>
/// Concurrency limit of one silo's sweeps, all shards together: when very many sessions expire at once, calls to active sessions must not queue behind them.
/// </summary>
internal sealed class SweepPace : IDisposable
{
    /// <summary>Enough to hide the round trips to Redis; more would hardly speed up the sweep and slow down everything else.</summary>
    public const int MostAtOnce = 16;

    private readonly SemaphoreSlim _slots = new(MostAtOnce);

    /// <summary>Runs a call when a slot is free.</summary>
    public async Task<TResult> RunAsync<TArgument, TResult>(Func<TArgument, Task<TResult>> ask, TArgument argument)
    {
        await _slots.WaitAsync();
        try
        {
            return await ask(argument);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
