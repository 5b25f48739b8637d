using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Migration;

/// <summary>
/// Redis that kept the sessions before the cluster. Only its primary is used: a replica may still have a key that was renamed.
/// </summary>
/// <remarks>
/// A session is imported in three steps: claim its key, store the copy in the cluster, complete the claim. Claiming renames the key to <c>taken-over:KEY</c>, where it
/// keeps its time to live, so the session is never live in both places. While the mark <c>taking-over:KEY</c> exists, the copy may be missing, and the claimed key may
/// be read once more. The mark is short-lived: after a crash it disappears before the tombstone of a session that ended meanwhile.
/// </remarks>
internal sealed partial class OldRedis(string connectionString, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long after a crash an unfinished copy can be finished: half of a tombstone's default lifetime.</summary>
    public static readonly TimeSpan MarkLifetime = TimeSpan.FromMinutes(1);

    /// <summary>How long a copy with an unknown outcome can be finished: the cluster may be away for a while.</summary>
    public static readonly TimeSpan ProlongedMarkLifetime = TimeSpan.FromMinutes(10);

    private const string TakenPrefix = "taken-over:";
    private const string MarkPrefix = "taking-over:";

    private const string Unreachable = "The old Redis can't be reached. Nothing is lost; try again later.";

    private readonly ConfigurationOptions _configuration = Configure(connectionString);
    private readonly Lock _lock = new();
    private readonly Outage _reads = new();
    private readonly Outage _writes = new();
    private Task<ConnectionMultiplexer>? _connection;

    /// <summary>Finds a string or a hash: under its own key, or claimed and possibly not copied.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database; null: the connection string's.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached, so it is unknown whether the session exists.</exception>
    public Task<OldValue?> FindAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_reads, name, database, static async (old, key) =>
    {
        // One round trip for an unknown key. The order matters: a key that is claimed in between already has its mark.
        Task<RedisType> type = old.KeyTypeAsync(key, CommandFlags.DemandMaster);
        Task<bool> isMarked = IsMarkedAsync(old, key);
        if (await type == RedisType.None)
        {
            return await isMarked ? await ReadAsync(old, key.Prepend(TakenPrefix)) : null;
        }

        // A key claimed during the read has a mark by now.
        await isMarked;
        return await ReadAsync(old, key) ?? (await IsMarkedAsync(old, key) ? await ReadAsync(old, key.Prepend(TakenPrefix)) : null);
    });

    /// <summary>Claims a key, so that the session belongs to the cluster from now on. Returns false if the key no longer exists.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ClaimAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_writes, name, database, static async (old, key) =>
        await old.KeyExistsAsync(key, CommandFlags.DemandMaster) && await MarkAsync(old, key, MarkLifetime) && await TakeAwayAsync(old, key));

    /// <summary>Extends a claim, because it is unknown whether the copy was stored.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ProlongAsync(ReadOnlyMemory<byte> name, int? database) =>
        CallAsync(_writes, name, database, static (old, key) => MarkAsync(old, key, ProlongedMarkLifetime));

    /// <summary>Restores a claimed key's name, because the cluster refuses the session.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ReleaseAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_writes, name, database, static async (old, key) =>
    {
        bool released = await TryRenameAsync(old, key.Prepend(TakenPrefix), key, When.NotExists);
        await UnmarkAsync(old, key);
        return released;
    });

    /// <summary>Ensures that a key is never imported again: claims it if necessary, and completes the claim. Returns false if the key does not exist.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> RetireAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_writes, name, database, static async (old, key) =>
    {
        Task<bool> retired = TakeAwayAsync(old, key);
        await UnmarkAsync(old, key);
        return await retired;
    });

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsFaulted: false } connection)
        {
            await (await connection).DisposeAsync();
        }
    }

    private static ConfigurationOptions Configure(string connectionString)
    {
        ConfigurationOptions configuration = RedisConnectionString.Parse(connectionString);

        // Keys contain tokens, and exception messages would quote them.
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private static async Task<OldValue?> ReadAsync(IDatabase old, RedisKey key)
    {
        // Read the time to live before the value: a key that expires in between would otherwise appear to have no expiry.
        Task<RedisType> type = old.KeyTypeAsync(key, CommandFlags.DemandMaster);
        Task<TimeSpan?> timeToLive = old.KeyTimeToLiveAsync(key, CommandFlags.DemandMaster);
        OldValue? value = await type switch
        {
            RedisType.String when (byte[]?)await old.StringGetAsync(key, CommandFlags.DemandMaster) is { } text => new OldValue { Text = text },
            RedisType.Hash when await old.HashGetAllAsync(key, CommandFlags.DemandMaster) is { Length: > 0 } fields => new OldValue
            {
                Fields = [.. fields.Select(static field => KeyValuePair.Create(field.Name.ToString(), (byte[])field.Value!))],
            },
            _ => null,
        };
        TimeSpan? left = await timeToLive;
        return value is null ? null : value with { TimeToLive = left };
    }

    private static Task<bool> IsMarkedAsync(IDatabase old, RedisKey key) => old.KeyExistsAsync(key.Prepend(MarkPrefix), CommandFlags.DemandMaster);

    private static Task<bool> MarkAsync(IDatabase old, RedisKey key, TimeSpan lifetime) => old.StringSetAsync(key.Prepend(MarkPrefix), "1", lifetime);

    private static Task<bool> UnmarkAsync(IDatabase old, RedisKey key) => old.KeyDeleteAsync(key.Prepend(MarkPrefix));

    private static Task<bool> TakeAwayAsync(IDatabase old, RedisKey key) => TryRenameAsync(old, key, key.Prepend(TakenPrefix), When.Always);

    private static async Task<bool> TryRenameAsync(IDatabase old, RedisKey from, RedisKey to, When when)
    {
        try
        {
            return await old.KeyRenameAsync(from, to, when);
        }
        catch (RedisServerException exception) when (exception.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Describes the cause without the key, which contains a token.</summary>
    private static string Describe(Exception exception, ReadOnlyMemory<byte> name) => exception switch
    {
        // Redis quotes the arguments of an unknown command.
        RedisServerException or RedisCommandException =>
            exception.Message.Split(", with args", 2)[0].Replace(Encoding.UTF8.GetString(name.Span), "[key]", StringComparison.Ordinal),
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection } => "no primary is connected",
        RedisConnectionException connection => $"{connection.FailureType}",
        TimeoutException => "no answer in time",
        _ => exception.GetType().Name,
    };

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_lock)
        {
            // A failed connection attempt, for example to an unresolvable name, is retried.
            return _connection is null or { IsFaulted: true } or { IsCanceled: true }
                ? _connection = ConnectionMultiplexer.ConnectAsync(_configuration)
                : _connection;
        }
    }

    private async Task<T> CallAsync<T>(Outage outage, ReadOnlyMemory<byte> name, int? database, Func<IDatabase, RedisKey, Task<T>> call)
    {
        try
        {
            T result = await call((await ConnectAsync()).GetDatabase(database ?? -1), name.ToArray());
            if (outage.TryEnd())
            {
                LogBack(logger, RedisConnectionString.Describe(_configuration));
            }

            return result;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // Every request for an unknown session gets here, so log only the first.
            if (outage.TryBegin())
            {
                LogAway(logger, RedisConnectionString.Describe(_configuration), Describe(exception, name));
            }

            throw new SessionUnavailableException(Unreachable);
        }
    }

    [LoggerMessage(
        600, LogLevel.Error, "A command to the old Redis at {Address} failed: {Reason}. Until it works, requests with unknown sessions fail.")]
    private static partial void LogAway(ILogger logger, string address, string reason);

    [LoggerMessage(601, LogLevel.Information, "The old Redis at {Address} answers again.")]
    private static partial void LogBack(ILogger logger, string address);
}
