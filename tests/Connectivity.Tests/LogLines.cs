using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Connectivity.Tests;

/// <summary>Log capture.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Channel<(LogLevel Level, string Line)> _arriving = Channel.CreateUnbounded<(LogLevel, string)>();
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits for a line of the given level.</summary>
    public async Task<string> FirstAsync(LogLevel level)
    {
        await foreach ((LogLevel arrived, string line) in _arriving.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (arrived == level)
            {
                return line;
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
        string line = $"{logLevel}: {formatter(state, exception)} {exception}";
        _lines.Enqueue(line);
        _arriving.Writer.TryWrite((logLevel, line));
    }

    public void Dispose() => _arriving.Writer.TryComplete();
}
