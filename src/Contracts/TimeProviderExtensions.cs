namespace OrleansSessions.Contracts;

/// <summary>Arithmetic with the timestamps of a monotonic clock.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>Converts a duration to the units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public static long TicksOf(this TimeProvider time, TimeSpan length) => (long)(length.TotalSeconds * time.TimestampFrequency);
}
