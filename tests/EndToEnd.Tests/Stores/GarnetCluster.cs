namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Cluster on the embedded Garnet.</summary>
public sealed class GarnetCluster : ClusterFixture
{
    protected override Task<string?> StartStoreAsync() => Task.FromResult<string?>(null);
}
