using OrleansSessions.EndToEnd.Tests.Processes;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>What keeps PHP's sessions, for tests that leave it as they found it. If something is missing it starts nothing: its tests are skipped.</summary>
public abstract class PhpStore : IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;

    private protected PhpStore()
    {
    }

    /// <summary>A second prefix of sessions' keys, beside the one that phpredis has by default.</summary>
    public const string OtherPrefix = "SHOP:";

    /// <summary>Host and port that PHP is given.</summary>
    public abstract string Server { get; }

    /// <summary>A look at the keys, as an administrator with redis-cli has.</summary>
    internal IConnectionMultiplexer Connection => _connection ?? throw new InvalidOperationException("The store is not started.");

    internal static bool HasTools => Tools.Has(Tools.RedisServer) && Tools.Has(Tools.Nginx) && Tools.Has(Tools.PhpFpm) && Tools.Has(Tools.PhpRedis);

    /// <summary>Skips the running test if a program is missing.</summary>
    internal static void RequireTools()
    {
        Tools.Require(Tools.RedisServer);
        Tools.Require(Tools.Nginx);
        Tools.Require(Tools.PhpFpm);
        Tools.Require(Tools.PhpRedis);
    }

    public async ValueTask InitializeAsync()
    {
        if (HasTools)
        {
            await StartAsync();
            _connection = await ConnectionMultiplexer.ConnectAsync(Server);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private protected abstract Task StartAsync();
}
