using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Tells failures of Redis from others.</summary>
public static class RedisFailure
{
    /// <summary>Whether an exception of a StackExchange.Redis call says that Redis did not answer, or did not do as it was asked.</summary>
    public static bool Is(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;
}
