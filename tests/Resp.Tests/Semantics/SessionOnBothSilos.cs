using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>A session under PHP's prefix, and clients of either silo.</summary>
public abstract class SessionOnBothSilos(RespCluster cluster)
{
    private protected const string Prefix = "PHPREDIS_SESSION:";
    private protected const int Lifetime = 1_440;

    private protected readonly string _token = SessionToken.CreateWithoutSecret().Value;

    private protected RespCluster Cluster => cluster;

    private protected string Key => Prefix + _token;

    private protected async Task<RedisClient> ConnectAsync(int number) => await RedisClient.ConnectAsync(cluster.Endpoints[number % 2]);

    private protected async Task<SessionSnapshot?> LoadAsync() => (await cluster.LoadAsync(Prefix, _token)).Snapshot;
}
