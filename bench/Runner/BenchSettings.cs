using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner;

/// <summary>How much of everything.</summary>
internal sealed record BenchSettings
{
    private BenchSettings()
    {
    }

    /// <summary>Whether everything is run, so that the results are worth keeping.</summary>
    public bool IsComplete { get; private init; }

    /// <summary>How often each stack gets each workload.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>How long a workload runs each time.</summary>
    public int Seconds { get; private init; } = 2;

    /// <summary>How long each workload runs before the first round.</summary>
    public int WarmUpSeconds { get; private init; } = 2;

    /// <summary>How many sessions the workloads go round.</summary>
    public int Sessions { get; private init; } = 5_000;

    public IReadOnlyList<StackGroup> Groups { get; private init; } = [];

    public IReadOnlyList<Workload> Workloads { get; private init; } = [];

    /// <summary>For the results.</summary>
    public string Description => FormattableString.Invariant(
        $"{Rounds} rounds of {Seconds} s for each workload, the stacks in turn; {Sessions} sessions of four entries and a counter; Redis with an append-only file, flushed every second.");

    /// <summary>Understands the command line; null if it can't.</summary>
    /// <param name="args"><c>--quick</c>; <c>--stacks</c>, <c>--workloads</c>: comma-separated names; <c>--rounds</c>, <c>--seconds</c>: numbers.</param>
    public static BenchSettings? Parse(IReadOnlyList<string> args)
    {
        bool quick = args.Contains("--quick");
        string[] stacks = List(args, "--stacks");
        string[] workloads = List(args, "--workloads");
        string[] known = ["--quick", "--stacks", "--workloads", "--rounds", "--seconds"];
        if (args.Any(argument => argument.StartsWith("--", StringComparison.Ordinal) && !known.Contains(argument)))
        {
            return null;
        }

        return new BenchSettings
        {
            IsComplete = args.Count == 0,
            Rounds = Number(args, "--rounds") ?? (quick ? 2 : 3),
            Seconds = Number(args, "--seconds") ?? (quick ? 1 : 2),
            WarmUpSeconds = quick ? 1 : 2,
            Sessions = quick ? 1_000 : 5_000,
            Groups =
            [
                .. StackCatalogue.Groups
                    .Select(group => group with { Stacks = [.. group.Stacks.Where(stack => Wanted(stacks, stack.IsQuick, group.Name, stack.Name))] })
                    .Where(group => group.Stacks.Count > 0),
            ],
            Workloads = [.. WorkloadCatalogue.All.Where(workload => Wanted(workloads, workload.IsQuick, workload.Name))],
        };

        bool Wanted(string[] chosen, bool isQuick, params string[] names) => chosen.Length > 0 ? chosen.Intersect(names).Any() : isQuick || !quick;
    }

    private static string[] List(IReadOnlyList<string> args, string option) => Value(args, option)?.Split(',') ?? [];

    private static int? Number(IReadOnlyList<string> args, string option) =>
        int.TryParse(Value(args, option), out int number) ? number : null;

    private static string? Value(IReadOnlyList<string> args, string option)
    {
        int index = args.ToList().IndexOf(option);
        return index >= 0 && index + 1 < args.Count ? args[index + 1] : null;
    }
}
