using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Log capture: texts, structured values and exceptions.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<LogRecord> _records = [];

    public IReadOnlyList<LogRecord> Records => [.. _records];

    public void Forget() => _records.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _records);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogRecord> records) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Write(LogLevel.Trace, $"scope {Describe(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Write(logLevel, $"{formatter(state, exception)} {Describe(state)} {exception}");

        private static string Describe<TState>(TState state) => state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"))
            : $"{state}";

        private void Write(LogLevel level, string text) => records.Enqueue(new LogRecord(category, level, text));
    }
}
