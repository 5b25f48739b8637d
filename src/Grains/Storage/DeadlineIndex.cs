using System.Buffers.Text;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Expiry index: one sorted set per shard, with sessions scored by deadline in Unix milliseconds. The deadlines are hints. A session's entry is written before its
/// state, so an entry may belong to a session that does not exist or lives on, but no session lacks one.
/// </summary>
internal sealed class DeadlineIndex
{
    /// <summary>The number of shards. Part of the storage format.</summary>
    public const int Shards = 64;

    /// <summary>Removes an entry if it still has this deadline: a session re-created meanwhile has set a new one.</summary>
    private const string RemoveScript =
        """
        if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) == tonumber(ARGV[2]) then
          return redis.call('ZREM', KEYS[1], ARGV[1])
        end
        return 0
        """;

    private const string NotStored =
        "The session's deadline can't be stored: Redis did not answer. Nothing acknowledged is lost; try again later.";

    private const string NotRead = "The expiry index can't be read: Redis did not answer. Nothing acknowledged is lost; try again later.";

    private readonly RedisCalls _calls;
    private readonly RedisKey[] _keys;

    public DeadlineIndex(RedisCalls calls, IOptions<ClusterOptions> cluster)
    {
        _calls = calls;
        _keys = [.. Enumerable.Range(0, Shards).Select(shard => (RedisKey)$"{cluster.Value.ServiceId}/expiry/{shard}")];
    }

    /// <summary>Returns the shard of a session: the key is a hash, so its first byte is evenly distributed.</summary>
    public static int ShardOf(IdSpan sessionKey)
    {
        ReadOnlySpan<byte> text = sessionKey.AsSpan();
        Span<byte> head = stackalloc byte[3];
        return text.Length >= 4 && Base64Url.IsValid(text[..4]) && Base64Url.TryDecodeFromUtf8(text[..4], head, out _)
            ? head[0] % Shards
            : throw new ArgumentException("A session's grain key must be the text of a SessionKey.", nameof(sessionKey));
    }

    /// <summary>
    /// Adds a session's deadline, or moves it to an earlier time. Never to a later one: if the following write of the state is lost, the index must still ask in time for
    /// the state that Redis has.
    /// </summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task ScheduleAsync(IdSpan sessionKey, long deadlineMs) => AddAsync(sessionKey, deadlineMs, SortedSetWhen.LessThan);

    /// <summary>Moves a session's deadline to when its stored state needs the next check.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task RescheduleAsync(IdSpan sessionKey, long deadlineMs) => AddAsync(sessionKey, deadlineMs, SortedSetWhen.Always);

    /// <summary>Removes a session's entry if it still has this deadline.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task RemoveAsync(IdSpan sessionKey, long deadlineMs) =>
        WriteAsync(
            StorageOperation.Unschedule,
            database => database.ScriptEvaluateAsync(RemoveScript, [KeyOf(sessionKey)], [sessionKey.Value, deadlineMs], CommandFlags.DemandMaster));

    /// <summary>Returns the sessions of a shard whose deadline has passed, earliest first.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public async Task<(string SessionKey, long DeadlineMs)[]> GetDueAsync(int shard, long nowMs, int skip, int take)
    {
        SortedSetEntry[] due = await ReadAsync(StorageOperation.FindDue, database =>
            database.SortedSetRangeByScoreWithScoresAsync(_keys[shard], stop: nowMs, skip: skip, take: take, flags: CommandFlags.DemandMaster));
        return Array.ConvertAll(due, static entry => ((string)entry.Element!, (long)entry.Score));
    }

    /// <summary>Returns some of a shard's sessions, unordered, and the next cursor; 0: end.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public async Task<(long Cursor, string[] SessionKeys)> ScanAsync(int shard, long cursor, int count)
    {
        RedisResult page = await ReadAsync(StorageOperation.List, database => database.ExecuteAsync("ZSCAN", [_keys[shard], cursor, "COUNT", count], CommandFlags.DemandMaster));
        var members = (string[])page[1]!;
        return ((long)page[0], [.. members.Where(static (_, i) => i % 2 == 0)]);
    }

    /// <summary>Returns the number of entries in all shards.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public async Task<long> CountAsync() =>
        (await ReadAsync(
            StorageOperation.List,
            database => Task.WhenAll(_keys.Select(key => database.SortedSetLengthAsync(key, flags: CommandFlags.DemandMaster))))).Sum();

    private RedisKey KeyOf(IdSpan sessionKey) => _keys[ShardOf(sessionKey)];

    private Task AddAsync(IdSpan sessionKey, long deadlineMs, SortedSetWhen when) =>
        WriteAsync(StorageOperation.Schedule, database => database.SortedSetAddAsync(KeyOf(sessionKey), sessionKey.Value, deadlineMs, when, CommandFlags.DemandMaster));

    private Task<TResult> WriteAsync<TResult>(StorageOperation operation, Func<IDatabase, Task<TResult>> command) =>
        _calls.RunAsync(operation, NotStored, static (database, command) => command(database), command);

    private Task<TResult> ReadAsync<TResult>(StorageOperation operation, Func<IDatabase, Task<TResult>> command) =>
        _calls.RunAsync(operation, NotRead, static (database, command) => command(database), command);
}
