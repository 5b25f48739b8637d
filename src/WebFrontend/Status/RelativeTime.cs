using System.Globalization;

namespace OrleansSessions.WebFrontend.Status;

/// <summary>Text of a time relative to now, rounded.</summary>
internal static class RelativeTime
{
    /// <summary>Formats as <c>just now</c>, <c>3 minutes ago</c>, <c>in 20 minutes</c>.</summary>
    public static string Of(DateTimeOffset time, DateTimeOffset now)
    {
        TimeSpan distance = (time - now).Duration();
        string text = distance switch
        {
            { TotalMinutes: < 0.5 } => "",
            { TotalMinutes: < 59.5 } => Count(distance.TotalMinutes, "minute"),
            { TotalHours: < 23.5 } => Count(distance.TotalHours, "hour"),
            _ => Count(distance.TotalDays, "day"),
        };
        return (text.Length > 0, time > now) switch
        {
            (true, true) => $"in {text}",
            (true, false) => $"{text} ago",
            (false, true) => "in less than a minute",
            (false, false) => "just now",
        };
    }

    private static string Count(double value, string unit)
    {
        var count = (long)Math.Round(value);
        return string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
    }
}
