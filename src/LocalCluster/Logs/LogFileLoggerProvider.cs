using Microsoft.Extensions.Logging;

namespace OrleansSessions.LocalCluster.Logs;

/// <summary>Sends the log of what runs inside the launcher to a file, since the terminal belongs to the table of members.</summary>
internal sealed class LogFileLoggerProvider(LogFile file) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LogFileLogger(file, categoryName);

    public void Dispose()
    {
        // The file belongs to who opened it.
    }
}
