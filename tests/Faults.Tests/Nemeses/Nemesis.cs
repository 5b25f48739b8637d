using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Fault that can be injected and healed.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Fault">Its name in the table.</param>
/// <param name="ActAsync">Injects the fault, keeps it up, and heals it.</param>
internal sealed record Nemesis(string Name, string Fault, Func<Scene, Task> ActAsync)
{
    /// <summary>The required cluster.</summary>
    public Layout Layout { get; init; } = new();

    /// <summary>Maximum number of failed HTTP requests outside of excused times.</summary>
    public int MaxFailed { get; init; }

    /// <summary>Maximum duration of an HTTP request.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromSeconds(10);
}
