using System.Globalization;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner;

/// <summary>Settings of a benchmark run.</summary>
internal sealed record BenchSettings
{
    private BenchSettings()
    {
    }

    /// <summary>Whether the run is complete.</summary>
    public bool IsComplete { get; private init; }

    /// <summary>Whether the results are kept: those of whole groups with the default settings.</summary>
    public bool IsKept { get; private init; }

    /// <summary>Number of rounds per stack and workload.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>Duration of a workload in each round.</summary>
    public int Seconds { get; private init; } = 2;

    /// <summary>Shortest duration of each workload before the first round. It continues until the rate is steady.</summary>
    public int WarmUpSeconds { get; private init; } = 10;

    /// <summary>Number of sessions that the workloads cycle through.</summary>
    public int Sessions { get; private init; } = 5_000;

    public IReadOnlyList<StackGroup> Groups { get; private init; } = [];

    public IReadOnlyList<Workload> Workloads { get; private init; } = [];

    /// <summary>Description for the results.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Rounds} rounds of {Seconds} s for each workload, the stacks in turn; {Sessions} sessions of four entries and a counter; "
        + $"Redis with an append-only file, flushed every second.");

    /// <summary>Parses the command line; null if it is invalid.</summary>
    /// <param name="args">
    /// Names of groups, or options: <c>--quick</c>; <c>--stacks</c>, <c>--workloads</c>: comma-separated names; <c>--rounds</c>, <c>--seconds</c>: numbers.
    /// </param>
    public static BenchSettings? Parse(IReadOnlyList<string> args)
    {
        if (args.Count > 0 && args.All(static name => StackCatalogue.Groups.Any(group => group.Name == name)))
        {
            args = ["--stacks", string.Join(',', args)];
        }

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
            IsKept = args.Count == 0 || (args is ["--stacks", _] && stacks.All(static name => StackCatalogue.Groups.Any(group => group.Name == name))),
            Rounds = Number(args, "--rounds") ?? (quick ? 2 : 3),
            Seconds = Number(args, "--seconds") ?? (quick ? 1 : 2),
            WarmUpSeconds = quick ? 2 : 10,
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
