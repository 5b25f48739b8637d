using OrleansSessions.Bench.Runner.Correctness;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>All results of a group.</summary>
internal sealed record GroupResult(StackGroup Group, IReadOnlyList<Measurement> Measurements, IReadOnlyList<StackVerdict> Verdicts)
{
    /// <summary>The group's workloads.</summary>
    public IReadOnlyList<Workload> Workloads { get; } = [.. Measurements.Select(measurement => measurement.Workload).Distinct()];

    /// <summary>The spread over all rounds for one stack and workload.</summary>
    public Spread? Of(StackPlan stack, Workload workload, Func<Measurement, double?> value) =>
        Spread.Of(Measurements.Where(measurement => measurement.Stack == stack && measurement.Workload == workload).Select(value));

    /// <summary>
    /// Ratio of a stack to the group's first, round by round, so that a temporary slowdown of the machine affects both.
    /// </summary>
    public Spread? RatioOf(StackPlan stack, Workload workload, Func<Measurement, double> value) =>
        RatioOf(stack, Group.Baseline, workload, value);

    /// <summary>Ratio of a stack to another.</summary>
    public Spread? RatioOf(StackPlan stack, StackPlan other, Workload workload, Func<Measurement, double> value)
    {
        Dictionary<int, double> baseline = Measurements
            .Where(measurement => measurement.Stack == other && measurement.Workload == workload)
            .ToDictionary(measurement => measurement.Round, value);
        return Spread.Of(Measurements
            .Where(measurement => measurement.Stack == stack && measurement.Workload == workload && baseline.GetValueOrDefault(measurement.Round) > 0)
            .Select(measurement => value(measurement) / baseline[measurement.Round]));
    }
}
