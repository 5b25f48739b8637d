using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>A fault that can be brought about and taken back.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Fault">What the table calls it.</param>
/// <param name="ActAsync">Brings it about, keeps it up, and takes it back.</param>
internal sealed record Nemesis(string Name, string Fault, Func<Scene, Task> ActAsync)
{
    /// <summary>The cluster that it needs.</summary>
    public Layout Layout { get; init; } = new();

    /// <summary>The most HTTP requests that may fail outside of the times that the nemesis excuses.</summary>
    public int MaxFailed { get; init; }

    /// <summary>The longest that an HTTP request should take.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromSeconds(10);
}
