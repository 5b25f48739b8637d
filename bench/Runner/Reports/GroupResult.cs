using OrleansSessions.Bench.Runner.Correctness;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>All that was measured of a group.</summary>
internal sealed record GroupResult(StackGroup Group, IReadOnlyList<Measurement> Measurements, IReadOnlyList<StackVerdict> Verdicts)
{
    /// <summary>The workloads that it was measured under.</summary>
    public IReadOnlyList<Workload> Workloads { get; } = [.. Measurements.Select(measurement => measurement.Workload).Distinct()];

    /// <summary>What all rounds say of one stack under one workload.</summary>
    public Spread? Of(StackPlan stack, Workload workload, Func<Measurement, double?> value) =>
        Spread.Of(Measurements.Where(measurement => measurement.Stack == stack && measurement.Workload == workload).Select(value));

    /// <summary>
    /// How a stack compares to the group's first, round by round, so that what slowed the machine down for a while slowed down both.
    /// </summary>
    public Spread? RatioOf(StackPlan stack, Workload workload, Func<Measurement, double> value) =>
        RatioOf(stack, Group.Baseline, workload, value);

    /// <summary>How a stack compares to another.</summary>
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
