using System.Globalization;

namespace OrleansSessions.Bench.Runner.Processes;

/// <summary>Statistics of a Linux process.</summary>
internal static class ProcessStatistics
{
    // Fields of /proc/PID/stat, counted from the one after the command's name.
    private const int UserField = 11;
    private const int SystemField = 12;
    private const int ResidentField = 21;

    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU time of its threads, in steps of 10 ms; zero if it has ended.</summary>
    public static TimeSpan ProcessorTime(int id) =>
        Read(id) is { } fields ? TimeSpan.FromSeconds((Number(fields[UserField]) + Number(fields[SystemField])) / TicksPerSecond) : TimeSpan.Zero;

    /// <summary>Its resident memory; zero if it has ended.</summary>
    public static long ResidentBytes(int id) => Read(id) is { } fields ? Number(fields[ResidentField]) * Environment.SystemPageSize : 0;

    private static string[]? Read(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
