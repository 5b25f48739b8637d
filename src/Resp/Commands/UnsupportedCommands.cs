using System.Collections.Frozen;

namespace OrleansSessions.Resp.Commands;

/// <summary>Redis commands that make no sense for sessions, with the reason. The error shows clients that the name is not misspelled.</summary>
internal static class UnsupportedCommands
{
    private const string Elsewhere = "; keep caches and queues in a separate Redis";
    private const string OtherTypes = "it keeps strings and hashes only" + Elsewhere;
    private const string OneSession = "read and write sessions with GET, SET, HGETALL, HSET and related commands";
    private const string WholeDatabase = "commands work on one session at a time" + Elsewhere;
    private const string NoMessages = "it is a store and delivers no messages" + Elsewhere;
    private const string NoAdministration = "the cluster is configured and monitored outside of this protocol";

    private static readonly FrozenDictionary<string, string> Reasons = new (string Names, string Reason)[]
    {
        ("GETBIT GETRANGE LCS SETBIT SETRANGE SUBSTR BITCOUNT BITFIELD BITFIELD_RO "
            + "BITOP BITPOS HRANDFIELD HSCAN COPY DUMP RESTORE "
            + "RENAMENX OBJECT SORT SORT_RO MOVE", OneSession),
        ("BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH LINDEX LINSERT LLEN LMOVE LMPOP LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM RPOP RPOPLPUSH RPUSH "
            + "RPUSHX SADD SCARD SDIFF SDIFFSTORE SINTER SINTERCARD SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SPOP SRANDMEMBER SREM SSCAN SUNION "
            + "SUNIONSTORE BZMPOP BZPOPMAX BZPOPMIN ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE ZINCRBY ZINTER ZINTERCARD ZINTERSTORE ZLEXCOUNT ZMPOP ZMSCORE "
            + "ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE "
            + "ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION ZUNIONSTORE GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUS_RO "
            + "GEORADIUSBYMEMBER GEORADIUSBYMEMBER_RO GEOSEARCH GEOSEARCHSTORE PFADD PFCOUNT PFDEBUG PFMERGE PFSELFTEST XACK XADD XAUTOCLAIM XCLAIM "
            + "XDEL XGROUP XINFO XLEN XPENDING XRANGE XREAD XREADGROUP XREVRANGE XSETID XTRIM", OtherTypes),
        ("FLUSHALL FLUSHDB RANDOMKEY SWAPDB MIGRATE", WholeDatabase),
        ("PUBLISH SPUBLISH PUBSUB MONITOR", NoMessages),
        ("ACL BGREWRITEAOF BGSAVE DEBUG FAILOVER FCALL FCALL_RO FUNCTION EVAL_RO EVALSHA_RO LASTSAVE LATENCY LOLWUT MEMORY MODULE PSYNC REPLCONF REPLICAOF "
            + "RESTORE-ASKING ROLE SAVE SHUTDOWN SLAVEOF SLOWLOG SYNC WAIT ASKING READONLY READWRITE", NoAdministration),
    }.SelectMany(static group => group.Names.Split(' ').Select(name => KeyValuePair.Create(name, group.Reason))).ToFrozenDictionary();

    /// <summary>Returns why a Redis command is not supported, or null if Redis has no such command.</summary>
    public static string? Reason(string name) => Reasons.GetValueOrDefault(name);
}
