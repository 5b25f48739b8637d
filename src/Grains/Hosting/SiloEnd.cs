using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Stops answering for sessions and ends the process at once when the silo can't go on, for example because the cluster has declared it dead. The process' supervisor
/// restarts it. Replaces Orleans' own handler, which waits for seconds and then aborts with a stack trace.
/// </summary>
internal sealed partial class SiloEnd(SiloLease lease, ILogger<SiloEnd> logger) : IFatalErrorHandler
{
    /// <summary>The exit code: a temporary failure (sysexits.h, EX_TEMPFAIL). Restart the silo.</summary>
    public const int ExitCode = 75;

    private static readonly TimeSpan LogTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(2);

    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        lease.Revoke();
        LogEnd(logger, exception, context ?? exception?.Message ?? "An unexpected error.", ExitCode);

        // Give the background loggers time to write.
        Thread.Sleep(LogTime);
        new Thread(static () =>
        {
            Thread.Sleep(ExitTime);
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true, Name = "End" }.Start();
        Environment.Exit(ExitCode);
    }

    [LoggerMessage(270, LogLevel.Critical, "The silo is exiting with code {ExitCode} and must be restarted. {Reason}")]
    private static partial void LogEnd(ILogger logger, Exception? exception, string reason, int exitCode);
}
