using Microsoft.Extensions.Logging;

namespace OrleansSessions.LocalCluster.Logs;

internal sealed class LogFileLogger(LogFile file, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        file.WriteLine($"{logLevel} {category}: {formatter(state, exception)}");
        if (exception is not null)
        {
            // Warnings, such as a lost frontend, are expected: log only the innermost exception's type and message.
            file.WriteLine(logLevel > LogLevel.Warning ? exception.ToString() : $"{exception.GetBaseException().GetType()}: {exception.GetBaseException().Message}");
        }
    }
}
