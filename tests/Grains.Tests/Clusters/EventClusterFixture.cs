using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Grains.Tests.Events;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Two silos with an application's event handler, on their own store.</summary>
public sealed class EventClusterFixture : ClusterFixture
{
    private protected override Task<SessionTestCluster> StartAsync(GarnetStore store) =>
        SessionTestCluster.StartAsync(store, new FakeTimeProvider(Start), new RecordingHandler());
}
