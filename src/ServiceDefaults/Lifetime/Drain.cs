using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>
/// Drain phase before a stop: the process reports not ready and keeps serving for a while. Only then the host stops, the web server accepts no more requests, and
/// the silo hands its sessions over. The wait precedes <see cref="IHostApplicationLifetime.ApplicationStopping"/>, so no component reacts to the stop yet, and the
/// host's time limit for stopping has not started.
/// </summary>
internal sealed partial class Drain(
    IHostApplicationLifetime application, IOptions<ShutdownOptions> options, TimeProvider time, ILogger<Drain> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _wait;

    /// <summary>Whether the process is stopping.</summary>
    public bool HasBegun => Volatile.Read(ref _wait) is not null || application.ApplicationStopping.IsCancellationRequested;

    /// <summary>Starts draining. Repeated calls have no effect.</summary>
    public void Begin()
    {
        TimeSpan delay = options.Value.DrainDelay;
        if (delay == TimeSpan.Zero || !application.ApplicationStarted.IsCancellationRequested)
        {
            // The process has not started yet, so it has no clients to drain.
            application.StopApplication();
            return;
        }

        lock (_lock)
        {
            if (!HasBegun)
            {
                LogDraining(logger, delay);
                _wait = time.CreateTimer(static state => ((IHostApplicationLifetime)state!).StopApplication(), application, delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Starts draining or, if that has begun, ends the wait.</summary>
    public void BeginOrForce()
    {
        if (HasBegun)
        {
            application.StopApplication();
        }
        else
        {
            Begin();
        }
    }

    public void Dispose() => _wait?.Dispose();

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Stop requested: no longer ready, still serving for {Delay}.")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}
