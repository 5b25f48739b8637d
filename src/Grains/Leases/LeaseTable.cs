using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Stamps of the silos in Redis: one hash with a counter per silo. A silo increments its counter before it looks for its entry in the membership table, so anyone who
/// reads the stamp after the silo's death knows its last renewal. All reads go to the primary.
/// </summary>
internal sealed class LeaseTable
{
    /// <summary>Stamp of a silo that stopped answering for sessions because it was declared dead. It never renews again, but its last writes may still be on their way.</summary>
    public const long Stopped = -1;

    private const string VersionField = "Version";

    private readonly RedisConnection _connection;
    private readonly RedisKey _stamps;
    private readonly RedisKey _members;
    private readonly RedisValue _own;

    public LeaseTable(RedisConnection connection, ILocalSiloDetails silo, IOptions<ClusterOptions> cluster, IOptions<RedisClusteringOptions> clustering)
    {
        _connection = connection;
        _stamps = $"{cluster.Value.ServiceId}/leases/{cluster.Value.ClusterId}";
        _members = clustering.Value.CreateRedisKey(cluster.Value);
        _own = silo.SiloAddress.ToParsableString();
        OwnField = silo.SiloAddress.ToString();
    }

    /// <summary>The silo's field in the membership table, as named by Orleans.</summary>
    private RedisValue OwnField { get; }

    /// <summary>Renews the silo's stamp, then reads the current state.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<LeaseReading> StampAsync()
    {
        IDatabase database = await GetDatabaseAsync();

        // In sequence, because the keys may be on different servers.
        long stamp = await database.HashIncrementAsync(_stamps, _own, flags: CommandFlags.DemandMaster);
        Task<RedisValue[]> members = database.HashGetAsync(_members, [OwnField, VersionField], CommandFlags.DemandMaster);
        Task<HashEntry[]> stamps = database.HashGetAllAsync(_stamps, CommandFlags.DemandMaster);
        RedisValue[] found = await members;
        return new LeaseReading(stamp, !found[0].IsNull, VersionOf(found[1]), StampsOf(await stamps));
    }

    /// <summary>Reads the version of the membership table.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<long> ReadVersionAsync() =>
        VersionOf(await (await GetDatabaseAsync()).HashGetAsync(_members, VersionField, CommandFlags.DemandMaster));

    /// <summary>Reads the stamps of all silos that have not left.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, long>> ReadStampsAsync() =>
        StampsOf(await (await GetDatabaseAsync()).HashGetAllAsync(_stamps, CommandFlags.DemandMaster));

    /// <summary>Removes the silo's stamp: it has stopped answering for sessions, so the others need not wait for its lease.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task LeaveAsync() => await (await GetDatabaseAsync()).HashDeleteAsync(_stamps, _own);

    /// <summary>Replaces the silo's stamp by <see cref="Stopped"/>: the others need not wait for its lease, but must claim its sessions.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task StopAsync() => await (await GetDatabaseAsync()).HashSetAsync(_stamps, _own, Stopped);

    /// <summary>Removes the stamps of silos that ended long ago.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task ForgetAsync(IEnumerable<string> silos) =>
        await (await GetDatabaseAsync()).HashDeleteAsync(_stamps, [.. silos.Select(static silo => (RedisValue)silo)]);

    /// <summary>Whether an exception of one of these calls means that Redis did not answer.</summary>
    public static bool IsFailure(Exception exception) =>
        RedisFailure.Is(exception) || exception is OperationCanceledException or OrleansException;

    private static long VersionOf(RedisValue version) => version.TryParse(out long number) ? number : 0;

    private static Dictionary<string, long> StampsOf(HashEntry[] stamps)
    {
        var read = new Dictionary<string, long>(stamps.Length, StringComparer.Ordinal);
        foreach (HashEntry stamp in stamps)
        {
            read[stamp.Name.ToString()] = long.Parse(stamp.Value.ToString(), CultureInfo.InvariantCulture);
        }

        return read;
    }

    private async ValueTask<IDatabase> GetDatabaseAsync() => (await _connection.GetMultiplexerAsync()).GetDatabase();
}
