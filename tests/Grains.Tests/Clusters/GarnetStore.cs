using System.Diagnostics;
using System.Globalization;
using Garnet;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSessions.Grains.Storage;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Garnet in the test process, in memory only, with access to the silos' data.</summary>
internal sealed class GarnetStore : IAsyncDisposable
{
    /// <summary>A stalled test machine is no outage.</summary>
    private const string TimeLimits = "connectTimeout=30000,syncTimeout=30000,asyncTimeout=30000";

    private readonly GarnetServer _server;
    private readonly ConnectionMultiplexer _connection;
    private readonly string _serviceId;
    private readonly string? _files;

    private GarnetStore(GarnetServer server, ConnectionMultiplexer connection, string connectionString, string serviceId, string? files)
    {
        _files = files;
        _server = server;
        _connection = connection;
        _serviceId = serviceId;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public IDatabase Database => _connection.GetDatabase();

    /// <param name="serviceId">The prefix of all keys.</param>
    /// <param name="asCluster">Whether it acts as one server of a Redis Cluster, with all slots, and refuses what Redis Cluster refuses.</param>
    public static async Task<GarnetStore> StartAsync(string serviceId, bool asCluster = false)
    {
        string port = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["--bind", "127.0.0.1", "--port", port, "--lua", "--lua-transaction-mode", "-q", "--disable-console-logger"];
        string? files = asCluster ? Directory.CreateTempSubdirectory("garnet-").FullName : null;
        if (files is not null)
        {
            // It keeps its cluster state in a file.
            arguments = [.. arguments, "--cluster", "--clean-cluster-config", "--device-type", "RandomAccess", "--checkpointdir", files];
        }

        var server = new GarnetServer(arguments, NullLoggerFactory.Instance);

        // Garnet writes trace output to the console, which belongs to the test report.
        foreach (ConsoleTraceListener listener in Trace.Listeners.OfType<ConsoleTraceListener>().ToArray())
        {
            Trace.Listeners.Remove(listener);
        }

        server.Start();
        string address = "127.0.0.1:" + port;
        string connectionString = $"{address},{TimeLimits}";
        if (asCluster)
        {
            await using ConnectionMultiplexer setup = await ConnectionMultiplexer.ConnectAsync(connectionString);
            await setup.GetServer(address).ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        }

        // The first script takes seconds on a busy machine: longer than the callers of later ones wait.
        await using (ConnectionMultiplexer setup = await ConnectionMultiplexer.ConnectAsync(connectionString))
        {
            await setup.GetDatabase().ScriptEvaluateAsync("return 1");
        }

        return new GarnetStore(server, await ConnectionMultiplexer.ConnectAsync(connectionString), connectionString, serviceId, files);
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
