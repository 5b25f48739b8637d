namespace OrleansSessions.Grains.Leases;

/// <summary>Arithmetic with the timestamps of a monotonic clock.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>A length of time in the units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public static long TicksOf(this TimeProvider time, TimeSpan length) => (long)(length.TotalSeconds * time.TimestampFrequency);
}
