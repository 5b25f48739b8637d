using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>Tells Redis' failures from our own.</summary>
internal static class RedisFailure
{
    /// <summary>Whether an exception says that Redis did not answer, or did not do as it was asked.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;
}
