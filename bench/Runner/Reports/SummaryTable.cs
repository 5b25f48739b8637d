using System.Globalization;
using System.Text;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Summary of a group: each stack compared to the first; bold marks slower ones.</summary>
internal static class SummaryTable
{
    public static string Write(GroupResult result)
    {
        var text = new StringBuilder();
        Workload[] saturating = [.. result.Workloads.Where(workload => !workload.IsPaced)];
        Workload[] paced = [.. result.Workloads.Where(workload => workload.IsPaced)];
        IEnumerable<string> titles = [.. saturating.Select(workload => workload.Title), .. paced.Select(workload => $"p99, {workload.Title}"), "lost updates"];
        Line(text, $"| | {string.Join(" | ", titles)} |");
        Line(text, $"|---|{string.Concat(titles.Select(_ => "---|"))}");
        foreach (StackPlan stack in result.Group.Stacks)
        {
            IEnumerable<string> cells =
            [
                stack.Title,
                .. saturating.Select(workload => Throughput(result, stack, workload)),
                .. paced.Select(workload => Latency(result, stack, workload)),
                .. result.Verdicts.Where(verdict => verdict.Stack == stack).Select(verdict => $"{verdict.LostIncrements + verdict.LostEntries}"),
            ];
            Line(text, $"| {string.Join(" | ", cells)} |");
        }

        Line(text, $"\nThroughput as a multiple of the first row's, or per second where that row has none; p99 latency at equal load; what is lost of parallel changes.");
        Line(text, $"Bold: worse than the first row, round by round.");
        return text.ToString();
    }

    private static string Throughput(GroupResult result, StackPlan stack, Workload workload)
    {
        if (stack != result.Group.Baseline && result.RatioOf(stack, workload, measurement => measurement.Rate) is { } ratio)
        {
            return Emphasize(Invariant($"{ratio.Median:F2}x"), ratio.Median < 1);
        }

        return result.Of(stack, workload, measurement => measurement.Rate) is { } rate ? Invariant($"{rate.Median:F0}/s") : "-";
    }

    private static string Latency(GroupResult result, StackPlan stack, Workload workload)
    {
        double? worse = result.RatioOf(stack, workload, measurement => measurement.Load.P99)?.Median;
        return result.Of(stack, workload, measurement => measurement.Load.P99 / 1000.0) is { } p99 ? Emphasize(Invariant($"{p99.Median:F1} ms"), worse > 1) : "-";
    }

    private static string Emphasize(string text, bool emphasize) => emphasize ? $"**{text}**" : text;

    private static void Line(StringBuilder text, FormattableString line) => text.Append(Invariant(line)).Append('\n');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
