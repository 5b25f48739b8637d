using OrleansSessions.Bench.Runner.Correctness;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Measuring;

/// <summary>Run of a group's stacks side by side: first correctness, then speed, in turn over several rounds.</summary>
/// <param name="group">The stacks.</param>
/// <param name="settings">The settings.</param>
internal sealed class GroupRun(StackGroup group, BenchSettings settings) : IAsyncDisposable
{
    /// <summary>In seconds.</summary>
    private const int WarmUpStep = 2;

    private const int MaxWarmUpSeconds = 40;

    /// <summary>A rate that grows by less from one step to the next is steady.</summary>
    private const double SteadyGrowth = 1.05;

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
            StackVerdict verdict = await StackVerdict.ReachAsync(stack, _client, _workloads.Any(workload => workload.SignsIn && Runs(stack, workload)));
            Verdicts.Add(verdict);
            Say($"  {stack.Plan.Name}: {verdict}");
        }

        await WarmUpAsync();
        for (int round = 1; round <= settings.Rounds; round++)
        {
            foreach (Workload workload in _workloads)
            {
                // Rotate the order, so that no stack gains from its position.
                foreach (RunningStack stack in Rotate(_running, round - 1).Where(stack => Runs(stack, workload)))
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

    private async Task WarmUpAsync()
    {
        foreach (RunningStack stack in _running)
        {
            foreach (Workload workload in _workloads.Where(workload => !workload.IsPaced && Runs(stack, workload)))
            {
                await WarmUpAsync(stack, workload);
            }
        }
    }

    /// <summary>Uses a path until the runtime has compiled it for good: its rate grows no more.</summary>
    private async Task WarmUpAsync(RunningStack stack, Workload workload)
    {
        double best = 0;
        bool grows = true;
        for (int passed = 0; passed < settings.WarmUpSeconds || (grows && passed < MaxWarmUpSeconds); passed += WarmUpStep)
        {
            WrkResult load = await Wrk.RunAsync(stack.Url, workload, await _pools[stack.Plan].GetAsync(workload), WarmUpStep);
            double rate = load.Requests / load.Seconds;
            grows = rate > best * SteadyGrowth;
            best = Math.Max(best, rate);
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
            after.RedisBytes - before.RedisBytes,
            after.AllocatedBytes - before.AllocatedBytes);
    }

    private static bool Runs(RunningStack stack, Workload workload) => stack.Plan.SignsIn || !workload.SignsIn;

    private static IEnumerable<T> Rotate<T>(IReadOnlyList<T> list, int by) => Enumerable.Range(0, list.Count).Select(i => list[(i + by) % list.Count]);

    private static void Say(string text) => Console.WriteLine(text);
}
