using System.Globalization;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>One request of a load.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Started">When, by the wall clock.</param>
/// <param name="Duration">How long until the whole answer was read.</param>
/// <param name="Status">The HTTP status, or 0 if there was no answer.</param>
/// <param name="HasRetryAfter">Whether the answer says when to try again.</param>
/// <param name="Error">The answer's body or the exception, if it failed.</param>
internal sealed record RequestRecord(RequestKind Kind, DateTimeOffset Started, TimeSpan Duration, int Status, bool HasRetryAfter, string? Error)
{
    public bool Failed => Status is < 200 or > 299;

    public DateTimeOffset Ended => Started + Duration;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Started:HH:mm:ss.fff} {Kind} {Status} {Duration.TotalMilliseconds:0} ms {Error}");
}
