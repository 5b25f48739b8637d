namespace OrleansSessions.Contracts;

/// <summary>Lifetime of a new session.</summary>
[GenerateSerializer, Immutable, Alias("session.lifetime")]
public sealed record SessionLifetime
{
    /// <summary>Minimum idle timeout: one second.</summary>
    public static readonly TimeSpan MinIdleTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Maximum idle timeout and absolute lifetime: 400 days, the browsers' limit for cookies (RFC 6265bis).</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(400);

    /// <summary>Returns the nearest valid idle timeout or absolute lifetime.</summary>
    public static TimeSpan Clamp(TimeSpan lifetime) => lifetime < MinIdleTimeout ? MinIdleTimeout : lifetime > Max ? Max : lifetime;

    /// <summary>The session ends after this long without use. Default: 20 minutes, as in ASP.NET Core.</summary>
    [Id(0)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The session ends this long after its creation, used or not. Default: null, no limit.</summary>
    [Id(1)]
    public TimeSpan? AbsoluteLifetime { get; init; }
}
