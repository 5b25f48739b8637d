using Microsoft.Extensions.Logging;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Log of one handshake. The package reports the reason of a failure only to its log.</summary>
internal sealed class HandshakeLog : IServiceProvider, ILoggerFactory, ILogger
{
    /// <summary>The failure of the handshake, or null.</summary>
    public Exception? Failure { get; private set; }

    public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? this : null;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Failure ??= exception;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
