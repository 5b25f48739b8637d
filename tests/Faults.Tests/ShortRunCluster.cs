using OrleansSessions.Faults.Tests.Nemeses;
using OrleansSessions.Faults.Tests.Runs;
using Xunit;

namespace OrleansSessions.Faults.Tests;

/// <summary>Cluster of the short runs, started by the first.</summary>
public sealed class ShortRunCluster : IAsyncLifetime
{
    private const int Seed = 20;

    private readonly ClusterHolder _holder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    internal Task<RunResult> RunAsync(Nemesis nemesis, Action<string> report) => _holder.RunAsync(nemesis, Seed, report);
}
