using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Node.js clients with their session commands.</summary>
[Collection(typeof(RespCollection))]
public sealed class NodeTests(RespCluster cluster)
{
    [Fact]
    public Task ExpressSession_OnTwoServersWithConnectRedis_IsOneSession() => NodeProcess.RunAsync("express", cluster.Address);

    [Fact]
    public Task NodeRedis_WithBothProtocols_DoesItsSessionWork() => NodeProcess.RunAsync("node-redis", cluster.Address);

    [Fact]
    public Task NodeRedis_WithAPool_LosesNothingAndShowsNothingTwice() => NodeProcess.RunAsync("node-pool", cluster.Address);

    [Fact]
    public Task IoRedis_DoesItsSessionWork() => NodeProcess.RunAsync("ioredis", cluster.Address);
}
