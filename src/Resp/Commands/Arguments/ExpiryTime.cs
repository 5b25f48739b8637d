using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>Parser of clients' expiry times.</summary>
internal static class ExpiryTime
{
    private static readonly TimeSpan Longest = KeyExpiry.None.IdleTimeout - TimeSpan.FromMilliseconds(1);

    /// <summary>Redis' error for an invalid time.</summary>
    public static Reply Invalid(string command) => Reply.Error($"ERR invalid expire time in '{command.ToLowerInvariant()}' command");

    /// <summary>
    /// Parses a time relative to now. A time over 400 days becomes 400 days; a time in the past yields a non-positive one.
    /// </summary>
    /// <param name="text">The number.</param>
    /// <param name="unit">Its unit and origin.</param>
    /// <param name="now">The current time.</param>
    /// <param name="command">The command, for the error.</param>
    /// <param name="expiry">The parsed time.</param>
    /// <param name="error">The error if parsing fails.</param>
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
            // The minimum idle timeout is a second; an earlier expiry needs a deadline.
            var left = TimeSpan.FromMilliseconds(Math.Max(ms, -1));
            bool isDeadline = isAbsolute || left < SessionLifetime.MinIdleTimeout;
            expiry = new KeyExpiry(left, isDeadline ? DateTimeOffset.FromUnixTimeMilliseconds(nowMs) + left : null);
        }

        error = null;
        return true;
    }
}
