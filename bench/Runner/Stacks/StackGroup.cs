namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Group of stacks that run side by side and are measured in turn. The others are compared to the first.</summary>
/// <param name="Name">Short name for files and the command line.</param>
/// <param name="Title">Title in headings.</param>
/// <param name="Stacks">The stacks.</param>
internal sealed record StackGroup(string Name, string Title, IReadOnlyList<StackPlan> Stacks)
{
    public StackPlan Baseline => Stacks[0];

    /// <summary>Names of the group's workloads; null: all.</summary>
    public IReadOnlyList<string>? Workloads { get; init; }
}
