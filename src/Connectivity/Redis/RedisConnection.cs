using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Redis connection of the process. It reconnects forever.</summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisConnection> _logger;
    private readonly CertificateFiles? _certificates;
    private bool _isSharded;
    private long _lastReport;
    private volatile bool _isShardedKnown;

    /// <summary>Creates the connection; the first use opens it.</summary>
    public RedisConnection(IOptions<RedisOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _certificates = options.Value.Tls.IsSet ? new CertificateFiles(options.Value.Tls.Paths, time, loggers.CreateLogger<CertificateFiles>()) : null;
        Configuration = RedisConnectionString.Parse(options.Value.ConnectionString);
        RedisAccess.Apply(Configuration, options.Value, _certificates);
        _time = time;
        _logger = loggers.CreateLogger<RedisConnection>();
        _multiplexer = new Lazy<Task<ConnectionMultiplexer>>(ConnectAsync);
    }

    /// <summary>The parsed connection string. It holds the password: never log it.</summary>
    public ConfigurationOptions Configuration { get; }

    /// <summary>The address, for display.</summary>
    public string Address => RedisConnectionString.Describe(Configuration);

    /// <summary>Whether commands can currently be sent.</summary>
    public bool IsConnected => _multiplexer is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result.IsConnected: true } };

    /// <summary>
    /// Whether the keys may be on several servers (Redis Cluster, or a proxy named in the connection string), so that commands on different keys have no order.
    /// True until a server was reached.
    /// </summary>
    public bool IsSharded
    {
        get
        {
            if (!_isShardedKnown && IsConnected)
            {
                _isSharded = !Array.TrueForAll(_multiplexer.Value.Result.GetServers(), static server => server.ServerType == ServerType.Standalone);
                _isShardedKnown = true;
            }

            return !_isShardedKnown || _isSharded;
        }
    }

    /// <summary>Returns the multiplexer, connected or not: its commands fail at once while Redis is away.</summary>
    public Task<ConnectionMultiplexer> GetMultiplexerAsync() => _multiplexer.Value;

    /// <summary>Waits until Redis answers, and logs what it waits for.</summary>
    public async Task<IConnectionMultiplexer> WaitUntilConnectedAsync(CancellationToken cancellationToken)
    {
        ConnectionMultiplexer multiplexer = await GetMultiplexerAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        while (!multiplexer.IsConnected)
        {
            LogUnreachable(_logger, Address, RetryDelay.TotalSeconds);
            await Task.Delay(RetryDelay, _time, cancellationToken).ConfigureAwait(false);
        }

        return multiplexer;
    }

    /// <summary>Logs that a command failed, except while there is no connection, which is already logged.</summary>
    public void ReportFailure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (!IsConnected || !TryPass(ref _lastReport, ReportInterval))
        {
            return;
        }

        LogFailed(_logger, Address, exception.Message);
        if (exception is RedisConnectionException or RedisServerException)
        {
            // A replica may have been promoted. Refresh the servers' roles; the multiplexer itself does so once a minute.
            _ = _multiplexer.Value.Result.ConfigureAsync();
        }
    }

    private bool TryPass(ref long last, TimeSpan interval)
    {
        long seen = Interlocked.Read(ref last);
        long now = _time.GetTimestamp();
        return (seen == 0 || _time.GetElapsedTime(seen, now) >= interval) && Interlocked.CompareExchange(ref last, now, seen) == seen;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(Configuration).ConfigureAwait(false);
        multiplexer.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive)
            {
                LogLost(_logger, Address, failed.FailureType);
            }
        };
        multiplexer.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
            {
                LogReached(_logger, Address);
            }
        };
        return multiplexer;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _certificates?.Dispose();
        if (_multiplexer.IsValueCreated && _multiplexer.Value.IsCompletedSuccessfully)
        {
            await _multiplexer.Value.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(
        100, LogLevel.Warning, "Redis at {Address} can't be reached; trying again every {Seconds} s. Start it, or set ConnectionStrings:Redis to the right address and password.")]
    private static partial void LogUnreachable(ILogger logger, string address, double seconds);

    [LoggerMessage(103, LogLevel.Warning, "Redis at {Address} is connected, but a command failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string address, string reason);

    [LoggerMessage(102, LogLevel.Warning, "The connection to Redis at {Address} was lost ({Reason}); reconnecting.")]
    private static partial void LogLost(ILogger logger, string address, ConnectionFailureType reason);

    [LoggerMessage(101, LogLevel.Information, "Connected to Redis at {Address}.")]
    private static partial void LogReached(ILogger logger, string address);
}
