using System.Globalization;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Request of a load.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Started">The start, by the wall clock.</param>
/// <param name="Duration">The time until the whole response was read.</param>
/// <param name="Status">The HTTP status, or 0 without a response.</param>
/// <param name="HasRetryAfter">Whether the response has a Retry-After header.</param>
/// <param name="Error">The response's body or the exception, if it failed.</param>
internal sealed record RequestRecord(RequestKind Kind, DateTimeOffset Started, TimeSpan Duration, int Status, bool HasRetryAfter, string? Error)
{
    public bool Failed => Status is < 200 or > 299;

    public DateTimeOffset Ended => Started + Duration;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Started:HH:mm:ss.fff} {Kind} {Status} {Duration.TotalMilliseconds:0} ms {Error}");
}
