using OrleansSessions.Testing;

namespace OrleansSessions.Samples.Tests;

/// <summary>One cluster for all samples.</summary>
public sealed class SessionTestClusterFixture : IAsyncLifetime
{
    private SessionTestCluster? _cluster;

    public SessionTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster is not started.");

    public async ValueTask InitializeAsync() => _cluster = await SessionTestCluster.StartAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
