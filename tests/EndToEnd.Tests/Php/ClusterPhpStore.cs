using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Stores;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Session cluster for PHP: two silos on redis-server, reached through the local cluster's Redis-protocol port.</summary>
public sealed class ClusterPhpStore : PhpStore
{
    private RedisProcess? _redis;
    private LocalClusterProcess? _cluster;

    public override string Server => Status.Resp!;

    /// <summary>The ASP.NET Core server, which shares PHP's sessions.</summary>
    public Uri AspNet => Status.Url!;

    internal ClusterStatus Status => _cluster!.Status;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    /// <summary>Opens the store below the cluster.</summary>
    internal Task<StoredData> OpenStoreAsync() => StoredData.OpenAsync(_redis!.Address);

    private protected override async Task StartAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = _redis.Address,
            Frontends = 1,
            Environment = new Dictionary<string, string>
            {
                ["Resp__Prefixes__0__Prefix"] = OtherPrefix,
                ["Resp__Prefixes__0__Merge"] = "true",
                ["Sessions__Namespace"] = "PHPREDIS_SESSION:",
                ["Sessions__Cookie__Name"] = PhpBrowser.CookieName,
            },
        });
    }
}
