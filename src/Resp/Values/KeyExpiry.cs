using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Expiry of a key.</summary>
/// <param name="IdleTimeout">The time until it ends; not positive: it has ended.</param>
/// <param name="Deadline">The exact end, if the client gave one or if it is too near for an idle timeout; null: the idle timeout applies.</param>
internal readonly record struct KeyExpiry(TimeSpan IdleTimeout, DateTimeOffset? Deadline)
{
    /// <summary>No expiry: the maximum idle timeout.</summary>
    public static readonly KeyExpiry None = new(SessionLifetime.Max, null);

    /// <summary>Whether the key expires.</summary>
    public bool Exists => IdleTimeout < SessionLifetime.Max;

    /// <summary>Returns the change that sets this expiry.</summary>
    public SessionChange ToChange() =>
        Deadline is { } deadline ? SessionChange.SetDeadline(deadline) : SessionChange.SetIdleTimeout(SessionLifetime.Clamp(IdleTimeout));

    /// <summary>Returns the expiry for a session that frontends may share: an idle timeout within a session's limits.</summary>
    public KeyExpiry AsIdleTimeout() => new(IdleTimeout > TimeSpan.Zero ? SessionLifetime.Clamp(IdleTimeout) : IdleTimeout, null);
}
