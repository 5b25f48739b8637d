using System.Globalization;

namespace OrleansSessions.WebFrontend.Status;

/// <summary>Clock format of durations; <c>js/clock.js</c> continues from it.</summary>
internal static class ClockText
{
    /// <summary>Formats as <c>m:ss</c> below an hour, <c>h:mm:ss</c> from an hour.</summary>
    public static string Of(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
