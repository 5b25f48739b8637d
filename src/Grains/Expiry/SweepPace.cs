namespace OrleansSessions.Grains.Expiry;

/// <summary>
/// Bounds how many sessions the sweeps of one silo ask at the same time, all shards together: when very many expire at once, the calls of those who still use
/// theirs must not queue behind them.
/// </summary>
internal sealed class SweepPace : IDisposable
{
    /// <summary>Enough to hide the round trips to Redis; more makes the sweep hardly faster and everybody else slower.</summary>
    public const int MostAtOnce = 16;

    private readonly SemaphoreSlim _slots = new(MostAtOnce);

    /// <summary>Runs something when its turn has come.</summary>
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
