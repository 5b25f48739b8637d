using Microsoft.Extensions.Logging;

namespace OrleansSessions.LocalCluster.Logs;

/// <summary>Logger provider that writes the launcher's own log to a file, because the terminal shows the table of members.</summary>
internal sealed class LogFileLoggerProvider(LogFile file) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LogFileLogger(file, categoryName);

    public void Dispose()
    {
        // The caller owns the file.
    }
}
