using Microsoft.Extensions.Time.Testing;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Two silos on their own store, for all tests of a collection.</summary>
public class ClusterFixture : IAsyncLifetime
{
    private GarnetStore? _store;
    private SessionTestCluster? _cluster;

    internal SessionTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster is not started.");

    public async ValueTask InitializeAsync()
    {
        _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);
        _cluster = await StartAsync(_store);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected virtual Task<SessionTestCluster> StartAsync(GarnetStore store) => SessionTestCluster.StartAsync(store, new FakeTimeProvider(Start));

    private protected static DateTimeOffset Start => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
