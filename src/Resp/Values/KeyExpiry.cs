using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>When a key ends.</summary>
/// <param name="IdleTimeout">After so long; not positive: it has ended.</param>
/// <param name="Deadline">At this very time, if the client gave one or if it is too near for an idle timeout; null: as the idle timeout says.</param>
internal readonly record struct KeyExpiry(TimeSpan IdleTimeout, DateTimeOffset? Deadline)
{
    /// <summary>The key does not end by itself: it has the longest idle timeout there is.</summary>
    public static readonly KeyExpiry None = new(SessionLifetime.Max, null);

    /// <summary>Whether the key ends by itself.</summary>
    public bool Exists => IdleTimeout < SessionLifetime.Max;

    /// <summary>What gives a session this expiry.</summary>
    public SessionChange ToChange() =>
        Deadline is { } deadline ? SessionChange.SetDeadline(deadline) : SessionChange.SetIdleTimeout(SessionLifetime.Clamp(IdleTimeout));

    /// <summary>The expiry of a session that a frontend may use too: an idle timeout within a session's bounds.</summary>
    public KeyExpiry AsIdleTimeout() => new(IdleTimeout > TimeSpan.Zero ? SessionLifetime.Clamp(IdleTimeout) : IdleTimeout, null);
}
