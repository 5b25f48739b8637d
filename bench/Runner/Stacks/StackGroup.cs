namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Stacks that run side by side and are measured in turn. The first is what the others are compared to.</summary>
/// <param name="Name">Short, for files and the command line.</param>
/// <param name="Title">For headings.</param>
/// <param name="Stacks">The stacks.</param>
internal sealed record StackGroup(string Name, string Title, IReadOnlyList<StackPlan> Stacks)
{
    public StackPlan Baseline => Stacks[0];

    /// <summary>The names of the workloads that it is measured under; null: all.</summary>
    public IReadOnlyList<string>? Workloads { get; init; }
}
