using Microsoft.Extensions.Logging;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Expiry;

/// <summary>Starter of all shards' sweeps when a silo has joined; on a new cluster it registers their reminders.</summary>
internal sealed partial class ExpirySweepStarter(IGrainFactory grains, ILogger<ExpirySweepStarter> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<ExpirySweepStarter>(ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        // Run in the background: a silo serves sessions before all shards are started.
        _starting = Task.Run(() => StartShardsAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task StartShardsAsync(CancellationToken cancellationToken)
    {
        List<int> waiting = [.. Enumerable.Range(0, DeadlineIndex.Shards)];
        while (true)
        {
            bool[] started = await Task.WhenAll(waiting.Select(shard => TryStartAsync(shard, cancellationToken)));
            waiting = [.. waiting.Where((_, i) => !started[i])];
            if (waiting.Count == 0)
            {
                return;
            }

            LogShardsWaiting(logger, waiting.Count, RetryDelay.TotalSeconds);
            await Task.Delay(RetryDelay, cancellationToken);
        }
    }

    private async Task<bool> TryStartAsync(int shard, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IExpiryShardGrain>(shard).StartAsync().WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Registering a reminder can fail in many ways; all are retried.
            LogShardFailed(logger, exception, shard);
            return false;
        }
    }

    [LoggerMessage(212, LogLevel.Debug, "The expiry shard {Shard} could not be started.")]
    private static partial void LogShardFailed(ILogger logger, Exception exception, int shard);

    [LoggerMessage(213, LogLevel.Warning, "{Count} expiry shards could not be started yet; retrying in {Seconds} s.")]
    private static partial void LogShardsWaiting(ILogger logger, int count, double seconds);
}
