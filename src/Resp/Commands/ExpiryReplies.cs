using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Replies with a key's expiry.</summary>
internal static class ExpiryReplies
{
    /// <summary>Remaining time in the unit of TTL or PTTL, rounded like Redis.</summary>
    public static Reply Remaining(TimeSpan left, int unitMs) => Reply.Integer(((long)Math.Max(left.TotalMilliseconds, 0) + (unitMs / 2)) / unitMs);

    /// <summary>Point in time in the unit of EXPIRETIME or PEXPIRETIME, rounded like Redis.</summary>
    public static Reply End(DateTimeOffset end, int unitMs) => Reply.Integer((end.ToUnixTimeMilliseconds() + (unitMs / 2)) / unitMs);
}
