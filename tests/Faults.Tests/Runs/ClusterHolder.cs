using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Nemeses;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Holder that reuses a cluster between runs while it fits and kept its guarantees, so that one run's errors do not affect the next.</summary>
internal sealed class ClusterHolder : IAsyncDisposable
{
    private FaultCluster? _cluster;

    public async Task<RunResult> RunAsync(Nemesis nemesis, int seed, Action<string> report)
    {
        if (_cluster?.Layout != nemesis.Layout)
        {
            await DisposeAsync();
            _cluster = await FaultCluster.StartAsync(nemesis.Layout);
        }

        try
        {
            RunResult result = await FaultRun.RunAsync(_cluster!, nemesis, seed, report);
            if (!result.IsCorrect || result.Failed > 0)
            {
                await DisposeAsync();
            }

            return result;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.DisposeAsync();
        }
    }
}
