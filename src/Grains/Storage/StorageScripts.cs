namespace OrleansSessions.Grains.Storage;

/// <summary>
/// What Redis does in one step for a session. <c>KEYS[1]</c> is its hash and <c>ARGV[1]</c> the ETag that must be there, empty for none. If another one is there,
/// nothing happens and the answer is 0; otherwise it is 1.
/// </summary>
internal static class StorageScripts
{
    /// <summary><c>ARGV[2]</c> is the new ETag, <c>ARGV[3]</c> the state.</summary>
    public const string Write =
        """
        if (redis.call('HGET', KEYS[1], 'etag') or '') ~= ARGV[1] then
          return 0
        end
        redis.call('HSET', KEYS[1], 'etag', ARGV[2], 'data', ARGV[3])
        return 1
        """;

    /// <summary>
    /// <see cref="Write"/>, and <c>ARGV[4]</c> gets the deadline <c>ARGV[5]</c> in the shard of the expiry index that is <c>KEYS[2]</c>, unless it has an earlier one. The
    /// index comes first: if that fails, nothing is stored.
    /// </summary>
    public const string WriteAndSchedule =
        """
        if (redis.call('HGET', KEYS[1], 'etag') or '') ~= ARGV[1] then
          return 0
        end
        redis.call('ZADD', KEYS[2], 'LT', ARGV[5], ARGV[4])
        redis.call('HSET', KEYS[1], 'etag', ARGV[2], 'data', ARGV[3])
        return 1
        """;

    public const string Delete =
        """
        if (redis.call('HGET', KEYS[1], 'etag') or '') ~= ARGV[1] then
          return 0
        end
        redis.call('DEL', KEYS[1])
        return 1
        """;

    /// <summary>
    /// <see cref="Delete"/>, and <c>ARGV[2]</c> leaves the shard of the expiry index that is <c>KEYS[2]</c>, whatever its deadline: a session that is created later
    /// enters it in the same step in which it is stored, so none can be there already.
    /// </summary>
    public const string DeleteAndUnschedule =
        """
        if (redis.call('HGET', KEYS[1], 'etag') or '') ~= ARGV[1] then
          return 0
        end
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[2], ARGV[2])
        return 1
        """;
}
