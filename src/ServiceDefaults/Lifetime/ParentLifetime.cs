using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>
/// Host lifetime tied to the parent process: the host stops at the end of standard input, which the operating system closes however the parent ends, or on SIGTERM.
/// It ignores signals that a terminal sends to its foreground group: the parent gets them too, and decides the order.
/// </summary>
internal sealed class ParentLifetime(IHostApplicationLifetime application, Drain drain, TimeProvider time, ILogger<ParentLifetime> logger) : IHostLifetime, IDisposable
{
    /// <summary>Time limit of a graceful stop, after which the process exits.</summary>
    public static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _registrations = [];
    private ITimer? _stopTimer;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Ignore));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ignore));
        _registrations.Add(application.ApplicationStopping.Register(LimitStop));

        // A read of standard input cannot be cancelled, so it runs on a background thread that does not keep the process alive.
        new Thread(WatchStandardInput) { IsBackground = true, Name = "Parent watch" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (IDisposable registration in _registrations)
        {
            registration.Dispose();
        }

        _stopTimer?.Dispose();
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        drain.BeginOrForce();
    }

    private void WatchStandardInput()
    {
        try
        {
            using Stream input = Console.OpenStandardInput();
            Span<byte> discarded = stackalloc byte[256];
            while (input.Read(discarded) > 0)
            {
            }
        }
        catch (IOException exception)
        {
            ParentLifetimeLog.ParentUnreadable(logger, exception);
        }

        ParentLifetimeLog.ParentGone(logger);
        drain.Begin();
    }

    private void LimitStop() =>
        _stopTimer = time.CreateTimer(
            _ =>
            {
                ParentLifetimeLog.StopTooSlow(logger, StopTimeLimit);
                Environment.Exit(1);
            },
            state: null,
            StopTimeLimit,
            Timeout.InfiniteTimeSpan);
}
