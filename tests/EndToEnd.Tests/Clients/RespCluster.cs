using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>
/// Two silos on redis-server behind the local cluster's Redis-protocol port, a Redis for comparison, and an old Redis to take sessions over from.
/// </summary>
public sealed class RespCluster : IAsyncLifetime
{
    private readonly List<RedisProcess> _redis = [];
    private LocalClusterProcess? _cluster;

    /// <summary>The address of the cluster's endpoint.</summary>
    public string Address => Started(_cluster).Status.Resp!;

    /// <summary>The address of a Redis independent of the cluster.</summary>
    public string Redis => Started(_cluster) is null ? "" : _redis[1].Address;

    /// <summary>The address of the Redis that the cluster takes sessions over from.</summary>
    public string OldRedis => Started(_cluster) is null ? "" : _redis[2].Address;

    public async ValueTask InitializeAsync()
    {
        if (!Tools.Has(Tools.RedisServer))
        {
            return;
        }

        for (int i = 0; i < 3; i++)
        {
            _redis.Add(await RedisProcess.StartAsync());
        }

        _cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = _redis[0].Address,
            Frontends = 1,
            Environment = new Dictionary<string, string>
            {
                ["Resp__Prefixes__0__Prefix"] = "sess:",

                // Its test lists it, so no other test stores anything under it.
                ["Resp__Prefixes__1__Prefix"] = "express:",
                ["Resp__ImportFrom"] = _redis[2].Address,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        foreach (RedisProcess redis in _redis)
        {
            await redis.DisposeAsync();
        }
    }

    private static LocalClusterProcess Started(LocalClusterProcess? cluster)
    {
        Assert.SkipWhen(cluster is null, $"{Tools.RedisServer} is not installed.");
        return cluster;
    }
}
