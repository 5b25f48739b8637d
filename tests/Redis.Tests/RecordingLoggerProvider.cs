using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Redis.Tests;

/// <summary>Keeps what is logged, for tests that read the log as an operator does.</summary>
internal sealed class RecordingLoggerProvider : ILoggerProvider, ILogger
{
    private readonly Channel<(LogLevel Level, string Text)> _arriving = Channel.CreateUnbounded<(LogLevel, string)>();
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    /// <summary>The next line of a level.</summary>
    public async Task<string> FirstAsync(LogLevel level)
    {
        await foreach ((LogLevel arrived, string text) in _arriving.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (arrived == level)
            {
                return text;
            }
        }

        throw new InvalidOperationException("The log has ended.");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = $"{formatter(state, exception)} {exception}";
        _lines.Enqueue(text);
        _arriving.Writer.TryWrite((logLevel, text));
    }

    public void Dispose() => _arriving.Writer.TryComplete();
}
