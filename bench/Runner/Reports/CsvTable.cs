using System.Globalization;
using System.Text;
using OrleansSessions.Bench.Runner.Measuring;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>CSV table of all measurements. Latencies and CPU time in microseconds, time and bytes per request.</summary>
internal static class CsvTable
{
    private static readonly string[] Roles = ["frontend", "silo", "redis", "balancer"];

    public static string Write(GroupResult result)
    {
        var csv = new StringBuilder("group,stack,workload,round,requests,errors,seconds,rate,p50,p99,p999,max,");
        csv.AppendJoin(',', Roles.Select(role => $"cpu_{role}")).Append(",redis_commands,redis_bytes,allocated_bytes\n");
        foreach (Measurement measured in result.Measurements)
        {
            IEnumerable<string> fields =
            [
                measured.Group.Name, measured.Stack.Name, measured.Workload.Name, $"{measured.Round}", $"{measured.Load.Requests}", $"{measured.Load.Errors}",
                Text(measured.Load.Seconds), Text(measured.Rate), $"{measured.Load.P50}", $"{measured.Load.P99}", $"{measured.Load.P999}", $"{measured.Load.Max}",
                .. Roles.Select(role => Text(measured.MicrosecondsOf(role))),
                Text(measured.CommandsPerRequest), Text(measured.RedisBytesPerRequest), Text(measured.AllocatedPerRequest),
            ];
            csv.AppendJoin(',', fields).Append('\n');
        }

        return csv.ToString();
    }

    private static string Text(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture) ?? string.Empty;
}
