using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Replies that tell when a key ends.</summary>
internal static class ExpiryReplies
{
    /// <summary>A time in the unit of TTL or PTTL, rounded as Redis does.</summary>
    public static Reply Remaining(TimeSpan left, int unitMs) => Reply.Integer(((long)Math.Max(left.TotalMilliseconds, 0) + (unitMs / 2)) / unitMs);

    /// <summary>A point in time in the unit of EXPIRETIME or PEXPIRETIME, rounded as Redis does.</summary>
    public static Reply End(DateTimeOffset end, int unitMs) => Reply.Integer((end.ToUnixTimeMilliseconds() + (unitMs / 2)) / unitMs);
}
