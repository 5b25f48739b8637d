using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Measuring;

/// <summary>Measurement of one workload on one stack in one round.</summary>
/// <param name="Group">The stacks it was interleaved with.</param>
/// <param name="Stack">The stack.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Load">The result of wrk.</param>
/// <param name="ProcessorTime">The CPU time, by role of the processes.</param>
/// <param name="RedisCommands">The number of commands that Redis ran, including those called by scripts.</param>
/// <param name="RedisBytes">The bytes that Redis received and sent.</param>
/// <param name="AllocatedBytes">The bytes allocated by the frontends; null if unknown.</param>
internal sealed record Measurement(
    StackGroup Group,
    StackPlan Stack,
    Workload Workload,
    int Round,
    WrkResult Load,
    IReadOnlyDictionary<string, TimeSpan> ProcessorTime,
    long RedisCommands,
    long RedisBytes,
    long? AllocatedBytes)
{
    /// <summary>Successful requests per second.</summary>
    public double Rate => (Load.Requests - Load.Failed) / Load.Seconds;

    /// <summary>Microseconds of CPU time per request in a role's processes; null if there are none.</summary>
    public double? MicrosecondsOf(string role) =>
        ProcessorTime.TryGetValue(role, out TimeSpan time) && Load.Requests > 0 ? time.TotalMicroseconds / Load.Requests : null;

    /// <summary>The same for all processes together.</summary>
    public double TotalMicroseconds => ProcessorTime.Values.Sum(time => time.TotalMicroseconds) / Math.Max(Load.Requests, 1);

    public double CommandsPerRequest => (double)RedisCommands / Math.Max(Load.Requests, 1);

    public double RedisBytesPerRequest => (double)RedisBytes / Math.Max(Load.Requests, 1);

    public double? AllocatedPerRequest => AllocatedBytes is { } bytes ? (double)bytes / Math.Max(Load.Requests, 1) : null;
}
