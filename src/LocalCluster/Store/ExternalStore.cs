using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.LocalCluster.Store;

/// <summary>External Redis server.</summary>
internal sealed class ExternalStore : IClusterStore
{
    public ExternalStore(string connectionString)
    {
        ConnectionString = connectionString;
        ConfigurationOptions options = RedisConnectionString.Parse(connectionString);
        options.DefaultDatabase = null;
        options.SetDefaultPorts();
        Address = RedisConnectionString.Describe(options);
    }

    public string ConnectionString { get; }

    public string Address { get; }

    public bool IsEmbedded => false;

    public string Description => "Redis";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
