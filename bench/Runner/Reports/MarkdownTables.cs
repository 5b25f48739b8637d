using System.Globalization;
using System.Text;
using OrleansSessions.Bench.Runner.Correctness;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Markdown tables of all results.</summary>
internal static class MarkdownTables
{
    public static string Write(BenchSettings settings, Machine machine, GroupResult result)
    {
        var text = new StringBuilder($"""
            # {result.Group.Title}

            {DateTime.UtcNow:yyyy-MM-dd}. {machine.Hardware}. {machine.Software}. {settings.Description}

            {SummaryTable.Write(result)}
            Each figure below is the median of the rounds, with the lowest and highest in brackets; "ratio" is the median of the round-by-round ratios to the first row.
            CPU is processor time per request, wrk's own excluded. Redis commands include those that scripts call, Redis bytes both directions.
            [What is measured, and how](../../../docs/performance.md).


            """);
        WriteVerdicts(text, result);
        if (result.Verdicts.Any(verdict => verdict.GrainCalls is not null))
        {
            WriteGrainCalls(text, result);
        }

        foreach (Workload workload in result.Workloads)
        {
            WriteWorkload(text, result, workload);
        }

        return text.ToString();
    }

    private static void WriteVerdicts(StringBuilder text, GroupResult result)
    {
        Line(text, $"| correctness | right answers | lost of {LostUpdates.Increments} parallel increments | lost of {LostUpdates.Entries} entries set in parallel |");
        Line(text, $"|---|---|---|---|");
        foreach (StackVerdict verdict in result.Verdicts)
        {
            Line(text, $"| {verdict.Stack.Title} | {verdict.Answers - verdict.Wrong.Count} of {verdict.Answers} | {verdict.LostIncrements} | {verdict.LostEntries} |");
        }
    }

    private static void WriteGrainCalls(StringBuilder text, GroupResult result)
    {
        Line(text, $"\n| grain calls per request | login | sign-in |");
        Line(text, $"|---|---|---|");
        foreach (StackVerdict verdict in result.Verdicts)
        {
            string calls = verdict.GrainCalls is { } counted ? Invariant($"{counted.Login:F2} | {counted.SignIn:F2}") : "- | -";
            Line(text, $"| {verdict.Stack.Title} | {calls} |");
        }
    }

    private static void WriteWorkload(StringBuilder text, GroupResult result, Workload workload)
    {
        const string figures = "requests/s | ratio | p50 ms | p99 ms | p99.9 ms | CPU us: all | frontend | silo | Redis | balancer"
            + " | Redis commands | Redis bytes | bytes allocated | errors";
        Line(text, $"\n| {workload.Title} | {figures} |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (StackPlan stack in result.Group.Stacks)
        {
            string Cell(Func<Measurement, double?> value, string format) =>
                result.Of(stack, workload, value) is { } spread ? spread.Median.ToString(format, CultureInfo.InvariantCulture) : "-";
            string rate = result.Of(stack, workload, measurement => measurement.Rate) is { } rates ? Invariant($"{rates.Median:F0} ({rates.Min:F0}-{rates.Max:F0})") : "-";
            string ratio = result.RatioOf(stack, workload, measurement => measurement.Rate) is { } ratios ? Invariant($"{ratios.Median:F2}") : "-";
            string[] cells =
            [
                stack.Title, rate, ratio,
                Cell(measurement => measurement.Load.P50 / 1000.0, "F2"),
                Cell(measurement => measurement.Load.P99 / 1000.0, "F2"),
                Cell(measurement => measurement.Load.P999 / 1000.0, "F2"),
                Cell(measurement => measurement.TotalMicroseconds, "F0"),
                Cell(measurement => measurement.MicrosecondsOf("frontend"), "F0"),
                Cell(measurement => measurement.MicrosecondsOf("silo"), "F0"),
                Cell(measurement => measurement.MicrosecondsOf("redis"), "F0"),
                Cell(measurement => measurement.MicrosecondsOf("balancer"), "F0"),
                Cell(measurement => measurement.CommandsPerRequest, "F2"),
                Cell(measurement => measurement.RedisBytesPerRequest, "F0"),
                Cell(measurement => measurement.AllocatedPerRequest, "F0"),
                Cell(measurement => measurement.Load.Errors, "F0"),
            ];
            Line(text, $"| {string.Join(" | ", cells)} |");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(Invariant(line)).Append('\n');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
