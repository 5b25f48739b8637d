using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>
/// The way to a stop: not ready at once, then a while of serving everything as before, and only then the host's own stop, in which the web server takes no more
/// and the silo hands its sessions over. The wait comes before <see cref="IHostApplicationLifetime.ApplicationStopping"/>, so no part of the process acts on the
/// coming stop, and the host's time limit for stopping does not run yet.
/// </summary>
internal sealed partial class Drain(
    IHostApplicationLifetime application, IOptions<ShutdownOptions> options, TimeProvider time, ILogger<Drain> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _wait;

    /// <summary>Whether the process is on its way out.</summary>
    public bool HasBegun => Volatile.Read(ref _wait) is not null || application.ApplicationStopping.IsCancellationRequested;

    /// <summary>Begins to leave. Repeating it changes nothing.</summary>
    public void Begin()
    {
        TimeSpan delay = options.Value.DrainDelay;
        if (delay == TimeSpan.Zero || !application.ApplicationStarted.IsCancellationRequested)
        {
            // Who has not started yet serves nobody.
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

    /// <summary>Begins to leave; when that has begun already, ends the wait.</summary>
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

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Told to stop: not ready any more, and serving for another {Delay}.")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}
