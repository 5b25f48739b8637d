using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Tests.Members;

internal sealed class FakeStore : IClusterStore
{
    public string ConnectionString { get; init; } = "127.0.0.1:7000,password=swordfish";

    public string Address => "127.0.0.1:7000";

    public bool IsEmbedded => false;

    public string Description => "fake";


    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
