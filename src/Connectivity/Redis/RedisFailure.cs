using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Classification of Redis failures.</summary>
public static class RedisFailure
{
    /// <summary>Whether an exception of a StackExchange.Redis call means that Redis did not answer or refused the command.</summary>
    public static bool Is(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;
}
