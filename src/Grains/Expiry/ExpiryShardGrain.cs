using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Expiry;

/// <summary>
/// Grain of one expiry shard. A reminder wakes it on some silo at least once a minute, even after a restart of all silos; a timer sweeps more often while it is active.
/// </summary>
[GrainType("session-expiry-shard")]
internal sealed partial class ExpiryShardGrain(
    DeadlineIndex index,
    SweepPace pace,
    SweepMetrics metrics,
    IOptions<SessionClusterOptions> options,
    ILogger<ExpiryShardGrain> logger) : Grain, IExpiryShardGrain, IRemindable
{
    private const string ReminderName = "sweep";
    private const int BatchSize = 256;

    /// <summary>Minimum period that Orleans allows.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private bool _registered;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = options.Value.SweepInterval;
        this.RegisterGrainTimer(
            static (grain, _) => grain.SweepAsync(),
            this,
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = interval, KeepAlive = true });
        return Task.CompletedTask;
    }

    public async Task StartAsync()
    {
        if (!_registered)
        {
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
            _registered = true;
        }
    }

    /// <summary>Does nothing: the tick has activated the grain, and the timer sweeps.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public async Task<int> SweepAsync()
    {
        int shard = (int)this.GetPrimaryKeyLong();
        int asked = 0;
        int stuck = 0;
        try
        {
            while (true)
            {
                long now = options.Value.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

                // Sessions that could not be settled are still due and come first: skip them, the next sweep asks them again.
                (string SessionKey, long DeadlineMs)[] due = await index.GetDueAsync(shard, now, skip: stuck, take: BatchSize);
                bool[] settled = await Task.WhenAll(due.Select(entry => pace.RunAsync(entry => AskAsync(entry.SessionKey, entry.DeadlineMs, now), entry)));
                asked += due.Length;
                stuck += settled.Count(answer => !answer);
                if (due.Length < BatchSize)
                {
                    metrics.Swept(Outcomes.Ok);
                    return asked;
                }
            }
        }
        catch (SessionUnavailableException exception)
        {
            metrics.Swept(Outcomes.Unavailable);
            LogSweepPostponed(logger, shard, exception.Message);
            return asked;
        }
    }

    /// <returns>Whether the session is no longer due in the index.</returns>
    private async Task<bool> AskAsync(string sessionKey, long deadlineMs, long nowMs)
    {
        try
        {
            DateTimeOffset? next = await GrainFactory.GetGrain<ISessionGrain>(sessionKey)
                .ExpireIfDueAsync(DateTimeOffset.FromUnixTimeMilliseconds(deadlineMs));
            metrics.Asked(nowMs - deadlineMs, next is null ? "removed" : "kept");
            return !(next?.ToUnixTimeMilliseconds() <= nowMs);
        }
        catch (Exception exception)
        {
            // One failing session must not stop the sweep of the others.
            metrics.Asked(nowMs - deadlineMs, Outcomes.Error);
            LogSessionPostponed(logger, exception, sessionKey);
            return false;
        }
    }

    [LoggerMessage(210, LogLevel.Debug, "The expiry sweep of shard {Shard} is postponed. {Reason}")]
    private static partial void LogSweepPostponed(ILogger logger, int shard, string reason);

    [LoggerMessage(211, LogLevel.Warning, "The session {SessionKey} could not be swept; the next sweep retries.")]
    private static partial void LogSessionPostponed(ILogger logger, Exception exception, string sessionKey);
}
