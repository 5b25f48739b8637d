using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>A plain key, a session's lock, and a connection to each silo.</summary>
public abstract class KeyOnBothSilos(RespCluster cluster) : IAsyncLifetime
{
    private protected readonly string _key = "plain:" + SessionToken.CreateWithoutSecret().Value;
    private protected readonly string _lock = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value + "_LOCK";
    private RespSocket? _first;
    private RespSocket? _second;

    private protected RespCluster Cluster => cluster;

    private protected RespSocket First => _first!;

    private protected RespSocket Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _first = await RespSocket.ConnectAsync(cluster.Addresses[0]);
        _second = await RespSocket.ConnectAsync(cluster.Addresses[1]);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        First.Dispose();
        Second.Dispose();
        return ValueTask.CompletedTask;
    }
}
