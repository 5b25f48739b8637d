using System.Globalization;
using System.Text;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Markdown table of results.</summary>
internal static class ResultTable
{
    public static string Write(IEnumerable<RunResult> results)
    {
        StringBuilder table = new("| fault | runs | requests | failed | slowest | stale | lost | twice |\n|---|---|---|---|---|---|---|---|\n");
        foreach (RunResult result in results)
        {
            string failed = result.Excused == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (+{result.Excused:N0} while away)");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {result.Fault} | {result.Runs} | {result.Requests:N0} | {result.Failed:N0}{failed} | "
                + $"{result.Slowest.TotalSeconds:0.0} s | {result.Stale:N0} | {result.Lost:N0} | {result.Twice:N0} |\n");
        }

        return table.ToString();
    }
}
