using System.Globalization;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Measuring;

/// <summary>Resources used by a stack so far.</summary>
/// <param name="ProcessorTime">The CPU time, by role of the processes.</param>
/// <param name="RedisCommands">The number of commands that Redis has run.</param>
/// <param name="RedisBytes">The bytes that Redis has received and sent.</param>
/// <param name="AllocatedBytes">The bytes allocated by the frontends; null if unknown.</param>
internal sealed record StackCounters(IReadOnlyDictionary<string, TimeSpan> ProcessorTime, long RedisCommands, long RedisBytes, long? AllocatedBytes)
{
    public static async Task<StackCounters> ReadAsync(RunningStack stack, HttpClient client)
    {
        long? allocated = null;
        foreach (Uri frontend in stack.AspNetFrontends)
        {
            allocated = (allocated ?? 0) + long.Parse(await client.GetStringAsync(new Uri(frontend, "/allocated")), CultureInfo.InvariantCulture);
        }

        Dictionary<string, TimeSpan> processorTime = stack.Processes
            .GroupBy(process => process.Role)
            .ToDictionary(role => role.Key, role => role.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime));
        return new StackCounters(processorTime, await CountCommandsAsync(stack), await CountBytesAsync(stack), allocated);
    }

    // Lines such as "cmdstat_hmget:calls=12,usec=34,...".
    private static async Task<long> CountCommandsAsync(RunningStack stack)
    {
        IGrouping<string, KeyValuePair<string, string>>[] sections = await stack.Redis.InfoAsync("commandstats");
        return sections.SelectMany(section => section)
            .Where(line => !line.Key.StartsWith("cmdstat_info", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
    }

    private static async Task<long> CountBytesAsync(RunningStack stack)
    {
        IGrouping<string, KeyValuePair<string, string>>[] sections = await stack.Redis.InfoAsync("stats");
        return sections.SelectMany(section => section)
            .Where(line => line.Key is "total_net_input_bytes" or "total_net_output_bytes")
            .Sum(line => long.Parse(line.Value, CultureInfo.InvariantCulture));
    }
}
