using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Migration;

/// <summary>
/// The Redis that kept the sessions before the cluster did. Only its primary is asked: a replica may still have a key that was renamed.
/// </summary>
/// <remarks>
/// A session is imported in three steps: its key is claimed, the cluster stores the copy, the claim is completed. To claim a key is to rename it to
/// <c>taken-over:KEY</c>, where it keeps its time to live, so the session never has a live key in both places. While the mark <c>taking-over:KEY</c> exists, the copy
/// may be missing, and the claimed key may be read once more. The mark is short-lived: after a crash it is gone before the tombstone of a session that ended meanwhile.
/// </remarks>
internal sealed partial class OldRedis(string connectionString, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long after a crash an unfinished copy can be finished: half of the default life of a tombstone.</summary>
    public static readonly TimeSpan MarkLifetime = TimeSpan.FromMinutes(1);

    /// <summary>How long a copy whose outcome is unknown can be finished: the cluster may be away for a while.</summary>
    public static readonly TimeSpan ProlongedMarkLifetime = TimeSpan.FromMinutes(10);

    private const string TakenPrefix = "taken-over:";
    private const string MarkPrefix = "taking-over:";

    private const string Unreachable = "The Redis that sessions are imported from can't be reached. Nothing is lost; try again later.";

    private readonly ConfigurationOptions _configuration = Configure(connectionString);
    private readonly Lock _lock = new();
    private readonly Outage _reads = new();
    private readonly Outage _writes = new();
    private Task<ConnectionMultiplexer>? _connection;

    /// <summary>Finds a string or a hash: under its own key, or claimed and not known to be copied.</summary>
    /// <param name="name">The key.</param>
    /// <param name="database">The database; null: that of the connection string.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached: whether there is a session is not known.</exception>
    public Task<OldValue?> FindAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_reads, name, database, static async (old, key) =>
    {
        // One round trip for an unknown key, and in this order: a key that is claimed in between has its mark already.
        Task<RedisType> type = old.KeyTypeAsync(key, CommandFlags.DemandMaster);
        Task<bool> isMarked = IsMarkedAsync(old, key);
        if (await type == RedisType.None)
        {
            return await isMarked ? await ReadAsync(old, key.Prepend(TakenPrefix)) : null;
        }

        // A key that is claimed while it is read has a mark since.
        await isMarked;
        return await ReadAsync(old, key) ?? (await IsMarkedAsync(old, key) ? await ReadAsync(old, key.Prepend(TakenPrefix)) : null);
    });

    /// <summary>Claims a key, so that from now on the session is the cluster's. False: there is none any more.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ClaimAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_writes, name, database, static async (old, key) =>
        await old.KeyExistsAsync(key, CommandFlags.DemandMaster) && await MarkAsync(old, key, MarkLifetime) && await TakeAwayAsync(old, key));

    /// <summary>Gives a claim more time, because whether the copy was stored is not known.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ProlongAsync(ReadOnlyMemory<byte> name, int? database) =>
        CallAsync(_writes, name, database, static (old, key) => MarkAsync(old, key, ProlongedMarkLifetime));

    /// <summary>Gives a claimed key its name back, because the cluster refuses the session.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<bool> ReleaseAsync(ReadOnlyMemory<byte> name, int? database) => CallAsync(_writes, name, database, static async (old, key) =>
    {
        bool released = await TryRenameAsync(old, key.Prepend(TakenPrefix), key, When.NotExists);
        await UnmarkAsync(old, key);
        return released;
    });

    /// <summary>Makes sure that a key is never imported again: claims it if need be, and completes the claim. False: there was no such key.</summary>
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

        // The keys hold tokens, and messages of exceptions would quote them.
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private static async Task<OldValue?> ReadAsync(IDatabase old, RedisKey key)
    {
        // The time to live before the value: a key that ends in between would seem to live for ever.
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

    /// <summary>The cause without the key, which holds a token.</summary>
    private static string Describe(Exception exception, ReadOnlyMemory<byte> name) => exception switch
    {
        // Redis quotes the arguments of a command that it does not know.
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
            // A connection that could not even be prepared, for a name that is not known yet, is tried again.
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
            // Each request for an unknown session comes here.
            if (outage.TryBegin())
            {
                LogAway(logger, RedisConnectionString.Describe(_configuration), Describe(exception, name));
            }

            throw new SessionUnavailableException(Unreachable);
        }
    }

    [LoggerMessage(
        600, LogLevel.Error, "The Redis at {Address} that sessions are imported from did not do as it was asked: {Reason}. Until it does, requests with unknown sessions fail.")]
    private static partial void LogAway(ILogger logger, string address, string reason);

    [LoggerMessage(601, LogLevel.Information, "The Redis at {Address} that sessions are imported from answers again.")]
    private static partial void LogBack(ILogger logger, string address);
}
