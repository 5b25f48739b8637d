using Microsoft.Extensions.Options;
using OrleansSessions.Grains.Configuration;

namespace OrleansSessions.Grains.Expiry;

/// <summary>Pace of one silo's sweeps, all shards together: how many calls run at once.</summary>
internal sealed class SweepPace(IOptions<SessionClusterOptions> options) : IDisposable
{
    private readonly TimeProvider _time = options.Value.TimeProvider;
    private readonly SemaphoreSlim _slots = new(SweepLimit.Least);
    private readonly SweepLimit _limit = new();
    private readonly Lock _lock = new();

    /// <summary>Slots in circulation. More than the limit until enough calls have ended.</summary>
    private int _granted = SweepLimit.Least;

    /// <summary>Runs a call when a slot is free.</summary>
    public async Task<TResult> RunAsync<TArgument, TResult>(Func<TArgument, Task<TResult>> ask, TArgument argument)
    {
        await _slots.WaitAsync();
        int window = CurrentWindow();
        long started = _time.GetTimestamp();
        TimeSpan? duration = null;
        try
        {
            TResult result = await ask(argument);
            duration = _time.GetElapsedTime(started);
            return result;
        }
        finally
        {
            Free(duration, window);
        }
    }

    public void Dispose() => _slots.Dispose();

    private int CurrentWindow()
    {
        lock (_lock)
        {
            return _limit.Window;
        }
    }

    /// <summary>Frees the slot of a call: two if the limit has grown, none if it has shrunk.</summary>
    private void Free(TimeSpan? duration, int window)
    {
        int free;
        lock (_lock)
        {
            // A call that failed says nothing of how busy the silo is.
            if (duration is { } measured)
            {
                _limit.Add(measured, window);
            }

            free = Math.Max(_limit.AtOnce - _granted + 1, 0);
            _granted += free - 1;
        }

        if (free > 0)
        {
            _slots.Release(free);
        }
    }
}
