using OrleansSessions.Bench.Runner.Correctness;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Measuring;

/// <summary>Run of a group's stacks side by side: first correctness, then speed, in turn over several rounds.</summary>
/// <param name="group">The stacks.</param>
/// <param name="settings">The settings.</param>
internal sealed class GroupRun(StackGroup group, BenchSettings settings) : IAsyncDisposable
{
    private readonly List<RunningStack> _running = [];
    private readonly Workload[] _workloads = [.. settings.Workloads.Where(workload => group.Workloads?.Contains(workload.Name) ?? true)];
    private readonly Dictionary<StackPlan, SessionPool> _pools = [];
    private readonly HttpClient _client = SessionPool.CookielessClient();

    public StackGroup Stacks => group;

    public List<Measurement> Measurements { get; } = [];

    public List<StackVerdict> Verdicts { get; } = [];

    public async Task RunAsync()
    {
        Say($"{group.Title}: starting {group.Stacks.Count} stacks");
        foreach (StackPlan plan in group.Stacks)
        {
            RunningStack stack = await RunningStack.StartAsync(plan);
            _running.Add(stack);
            _pools[plan] = new SessionPool(stack.Url, settings.Sessions);
        }

        foreach (RunningStack stack in _running)
        {
            StackVerdict verdict = await StackVerdict.ReachAsync(stack, _client);
            Verdicts.Add(verdict);
            Say($"  {stack.Plan.Name}: {verdict}");
        }

        await WarmUpAsync();
        for (int round = 1; round <= settings.Rounds; round++)
        {
            foreach (Workload workload in _workloads)
            {
                // Rotate the order, so that no stack gains from its position.
                foreach (RunningStack stack in Rotate(_running, round - 1))
                {
                    Measurement measured = await MeasureAsync(stack, workload, round);
                    Measurements.Add(measured);
                    Say($"  {round}/{settings.Rounds} {workload.Name,-12} {stack.Plan.Name,-18} {measured.Rate,8:F0}/s  p99 {measured.Load.P99 / 1000.0,7:F2} ms"
                        + $"  CPU {measured.TotalMicroseconds,5:F0} us" + (measured.Load.Errors > 0 ? $"  ERRORS: {measured.Load.Errors}" : string.Empty));
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningStack stack in _running)
        {
            await stack.DisposeAsync();
        }

        foreach (SessionPool pool in _pools.Values)
        {
            pool.Dispose();
        }

        _client.Dispose();
    }

    // Exercise every path until the runtime has fully optimized it.
    private async Task WarmUpAsync()
    {
        foreach (RunningStack stack in _running)
        {
            foreach (Workload workload in _workloads.Where(workload => !workload.IsPaced))
            {
                await Wrk.RunAsync(stack.Url, workload, await _pools[stack.Plan].GetAsync(workload), settings.WarmUpSeconds);
            }
        }
    }

    private async Task<Measurement> MeasureAsync(RunningStack stack, Workload workload, int round)
    {
        string? cookies = await _pools[stack.Plan].GetAsync(workload);
        StackCounters before = await StackCounters.ReadAsync(stack, _client);
        WrkResult load = await Wrk.RunAsync(stack.Url, workload, cookies, settings.Seconds);
        StackCounters after = await StackCounters.ReadAsync(stack, _client);
        return new Measurement(
            group,
            stack.Plan,
            workload,
            round,
            load,
            after.ProcessorTime.ToDictionary(role => role.Key, role => role.Value - before.ProcessorTime[role.Key]),
            after.RedisCommands - before.RedisCommands,
            after.AllocatedBytes - before.AllocatedBytes);
    }

    private static IEnumerable<T> Rotate<T>(IReadOnlyList<T> list, int by) => Enumerable.Range(0, list.Count).Select(i => list[(i + by) % list.Count]);

    private static void Say(string text) => Console.WriteLine(text);
}
