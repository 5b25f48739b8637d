using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>
/// Wrapper that makes other libraries read from the primary only. By default StackExchange.Redis silently reads from a replica, which may lag behind, while the
/// primary is away.
/// </summary>
public static class PrimaryOnly
{
    /// <summary>Returns a view of the multiplexer whose databases send every command to the primary, or fail.</summary>
    /// <remarks>Calls go through reflection: made for the few commands of membership and reminders.</remarks>
    public static IConnectionMultiplexer Of(IConnectionMultiplexer multiplexer)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        return PrimaryOnlyProxy<IConnectionMultiplexer>.Create(multiplexer);
    }
}
