namespace OrleansSessions.Contracts;

/// <summary>How long a new session lives.</summary>
[GenerateSerializer, Immutable, Alias("session.lifetime")]
public sealed record SessionLifetime
{
    /// <summary>The shortest idle timeout: one second.</summary>
    public static readonly TimeSpan MinIdleTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The longest idle timeout and absolute lifetime: 400 days, the limit that browsers set for cookies (RFC 6265bis).</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(400);

    /// <summary>The nearest idle timeout or absolute lifetime that a session can have.</summary>
    public static TimeSpan Clamp(TimeSpan lifetime) => lifetime < MinIdleTimeout ? MinIdleTimeout : lifetime > Max ? Max : lifetime;

    /// <summary>The session ends when it was not used for so long. Default: 20 minutes, as ASP.NET Core's.</summary>
    [Id(0)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The session ends so long after its creation, used or not. Null, the default: no such limit.</summary>
    [Id(1)]
    public TimeSpan? AbsoluteLifetime { get; init; }
}
