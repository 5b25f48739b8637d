using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Cluster on redis-server. Without redis-server it starts nothing, and its tests are skipped.</summary>
public sealed class RedisCluster : ClusterFixture
{
    private RedisProcess? _redis;

    public override async ValueTask InitializeAsync()
    {
        if (Tools.Has(Tools.RedisServer))
        {
            await base.InitializeAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    /// <summary>Opens the store.</summary>
    internal Task<StoredData> OpenStoreAsync()
    {
        Tools.Require(Tools.RedisServer);
        return StoredData.OpenAsync(_redis!.Address);
    }

    protected override async Task<string?> StartStoreAsync()
    {
        _redis = await RedisProcess.StartAsync();
        return _redis.Address;
    }
}
