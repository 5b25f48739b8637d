using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>Expiry times as clients give them.</summary>
internal static class ExpiryTime
{
    private static readonly TimeSpan Longest = KeyExpiry.None.IdleTimeout - TimeSpan.FromMilliseconds(1);

    /// <summary>The error for a time that is no time, in Redis' words.</summary>
    public static Reply Invalid(string command) => Reply.Error($"ERR invalid expire time in '{command.ToLowerInvariant()}' command");

    /// <summary>
    /// Reads a time from now on. A time over 400 days becomes 400 days; one that has passed is not positive.
    /// </summary>
    /// <param name="text">The number.</param>
    /// <param name="unit">What it counts, and from when.</param>
    /// <param name="now">The present time.</param>
    /// <param name="command">For the error.</param>
    /// <param name="expiry">The time.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> text, ExpiryUnit unit, DateTimeOffset now, string command, out KeyExpiry expiry, [NotNullWhen(false)] out Reply? error)
    {
        expiry = default;
        if (!CanonicalInteger.TryParse(text.Span, out long number))
        {
            error = Reply.NotAnInteger;
            return false;
        }

        bool isSeconds = unit is ExpiryUnit.Seconds or ExpiryUnit.UnixSeconds;
        bool isAbsolute = unit is ExpiryUnit.UnixSeconds or ExpiryUnit.UnixMilliseconds;
        long nowMs = now.ToUnixTimeMilliseconds();
        if ((isSeconds && number is > long.MaxValue / 1_000 or < long.MinValue / 1_000)
            || (!isAbsolute && (isSeconds ? number * 1_000 : number) > long.MaxValue - nowMs))
        {
            error = Invalid(command);
            return false;
        }

        long ms = isSeconds ? number * 1_000 : number;
        ms = isAbsolute ? ms - nowMs : ms;
        if (ms >= Longest.TotalMilliseconds)
        {
            expiry = new KeyExpiry(Longest, null);
        }
        else
        {
            // A session's idle timeout is a second at least; what is due earlier has a deadline.
            var left = TimeSpan.FromMilliseconds(Math.Max(ms, -1));
            bool isDeadline = isAbsolute || left < SessionLifetime.MinIdleTimeout;
            expiry = new KeyExpiry(left, isDeadline ? DateTimeOffset.FromUnixTimeMilliseconds(nowMs) + left : null);
        }

        error = null;
        return true;
    }
}
