using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>
/// Wrapper that makes other libraries read from the primary only. By default StackExchange.Redis silently reads from a replica, which may lag behind, while the
/// primary is away.
/// </summary>
public static class PrimaryOnly
{
    /// <summary>A view of the multiplexer whose databases send every command to the primary or fail.</summary>
    /// <remarks>Calls go through reflection, which is little beside a command, and much for anything else.</remarks>
    /// <param name="multiplexer">The multiplexer.</param>
    /// <param name="sent">Is shown every asynchronous command of its databases, so that its failure is known also where the library replaces the exception.</param>
    public static IConnectionMultiplexer Of(IConnectionMultiplexer multiplexer, Action<Task>? sent = null)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        return PrimaryOnlyProxy<IConnectionMultiplexer>.Create(multiplexer, sent);
    }
}
