using OrleansSessions.EndToEnd.Tests.Processes;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Session store for PHP, shared by tests that leave it unchanged. If a program is missing it starts nothing, and its tests are skipped.</summary>
public abstract class PhpStore : IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;

    private protected PhpStore()
    {
    }

    /// <summary>A second key prefix, beside phpredis' default.</summary>
    public const string OtherPrefix = "SHOP:";

    /// <summary>Host and port for PHP.</summary>
    public abstract string Server { get; }

    /// <summary>Access to the keys, as an administrator with redis-cli has.</summary>
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
            _connection = await PatientRedis.ConnectAsync(Server);
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
