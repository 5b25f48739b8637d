using System.Globalization;

namespace OrleansSessions.WebFrontend.Status;

/// <summary>Prints durations as a clock does; <c>js/clock.js</c> goes on where this began.</summary>
internal static class ClockText
{
    /// <summary><c>m:ss</c> below an hour, <c>h:mm:ss</c> above it.</summary>
    public static string Of(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
