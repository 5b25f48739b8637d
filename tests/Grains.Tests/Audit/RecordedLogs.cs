using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Tests.Audit;

/// <summary>Logs kept in memory.</summary>
internal sealed class RecordedLogs : ILoggerFactory
{
    public List<(string Category, EventId Id, LogLevel Level, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Lines.Add((category, eventId, logLevel, formatter(state, exception)));
    }
}
