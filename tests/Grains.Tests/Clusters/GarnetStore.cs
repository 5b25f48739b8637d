using OrleansSessions.Grains.Storage;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Garnet in the test process, in memory only, with access to the silos' data.</summary>
internal sealed class GarnetStore : IAsyncDisposable
{
    private readonly EmbeddedStore _server;
    private readonly ConnectionMultiplexer _connection;
    private readonly string _serviceId;
    private readonly string? _files;

    private GarnetStore(EmbeddedStore server, ConnectionMultiplexer connection, string serviceId, string? files)
    {
        _files = files;
        _server = server;
        _connection = connection;
        _serviceId = serviceId;
    }

    public string ConnectionString => _server.ConnectionString;

    public IDatabase Database => _connection.GetDatabase();

    /// <param name="serviceId">The prefix of all keys.</param>
    /// <param name="asCluster">Whether it acts as one server of a Redis Cluster, with all slots, and refuses what Redis Cluster refuses.</param>
    public static async Task<GarnetStore> StartAsync(string serviceId, bool asCluster = false)
    {
        string? files = asCluster ? Directory.CreateTempSubdirectory("garnet-").FullName : null;

        // It keeps its cluster state in a file.
        EmbeddedStore server = files is null
            ? EmbeddedStore.Start()
            : EmbeddedStore.Start(
                prepare: static server => server.Execute("CLUSTER", "ADDSLOTSRANGE", "0", "16383"),
                options: ["--cluster", "--clean-cluster-config", "--device-type", "RandomAccess", "--checkpointdir", files]);
        return new GarnetStore(server, await ConnectionMultiplexer.ConnectAsync(server.ConnectionString), serviceId, files);
    }

    public RedisKey StateKey(string sessionKey) => $"{_serviceId}/session/{sessionKey}";

    public RedisKey UserKey(string user) => $"{_serviceId}/user/{user}";

    public RedisKey IndexKey(string sessionKey) => $"{_serviceId}/expiry/{DeadlineIndex.ShardOf(IdSpan.Create(sessionKey))}";

    public Task<bool> HasStateAsync(string sessionKey) => Database.KeyExistsAsync(StateKey(sessionKey));

    /// <summary>The session's deadline in the expiry index; null if there is none.</summary>
    public async Task<DateTimeOffset?> IndexedDeadlineAsync(string sessionKey) =>
        await Database.SortedSetScoreAsync(IndexKey(sessionKey), sessionKey) is double ms ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms) : null;

    /// <summary>Whether any data in the store still names the session.</summary>
    public async Task<bool> HasTraceAsync(string sessionKey) =>
        await HasStateAsync(sessionKey) || await IndexedDeadlineAsync(sessionKey) is not null;

    /// <summary>Removes all data of a session, bypassing the silos.</summary>
    public async Task RemoveAsync(string sessionKey)
    {
        await Database.KeyDeleteAsync(StateKey(sessionKey));
        await Database.SortedSetRemoveAsync(IndexKey(sessionKey), sessionKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _server.Dispose();
        if (_files is not null)
        {
            Directory.Delete(_files, recursive: true);
        }
    }
}
