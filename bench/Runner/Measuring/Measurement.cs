using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Measuring;

/// <summary>One workload on one stack, once.</summary>
/// <param name="Group">The stacks it was interleaved with.</param>
/// <param name="Stack">The stack.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Round">Which time, from 1.</param>
/// <param name="Load">What wrk saw.</param>
/// <param name="ProcessorTime">What was spent, by role of the processes.</param>
/// <param name="RedisCommands">How many commands Redis ran, those that scripts call included.</param>
/// <param name="AllocatedBytes">What the frontends allocated; null where they can't tell.</param>
internal sealed record Measurement(
    StackGroup Group,
    StackPlan Stack,
    Workload Workload,
    int Round,
    WrkResult Load,
    IReadOnlyDictionary<string, TimeSpan> ProcessorTime,
    long RedisCommands,
    long? AllocatedBytes)
{
    /// <summary>Answered without error, per second.</summary>
    public double Rate => (Load.Requests - Load.Failed) / Load.Seconds;

    /// <summary>Microseconds of processor time per request that a role's processes took; null if there are none.</summary>
    public double? MicrosecondsOf(string role) =>
        ProcessorTime.TryGetValue(role, out TimeSpan time) && Load.Requests > 0 ? time.TotalMicroseconds / Load.Requests : null;

    /// <summary>The same for all processes together.</summary>
    public double TotalMicroseconds => ProcessorTime.Values.Sum(time => time.TotalMicroseconds) / Math.Max(Load.Requests, 1);

    public double CommandsPerRequest => (double)RedisCommands / Math.Max(Load.Requests, 1);

    public double? AllocatedPerRequest => AllocatedBytes is { } bytes ? (double)bytes / Math.Max(Load.Requests, 1) : null;
}
