using OrleansSessions.EndToEnd.Tests.Failures;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Launcher;

/// <summary>What the launcher starts. The start-up time is only printed: a busy machine makes it slower, not wrong.</summary>
[Collection(typeof(AloneCollection))]
public sealed class StartTests
{
    [Fact]
    public async Task LocalCluster_Started_IsReadyWithAllItsMembers()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions());
        ClusterStatus status = cluster.Status;
        TestContext.Current.TestOutputHelper?.WriteLine($"Ready after {cluster.StartTime.TotalSeconds:0.0} s.");

        Assert.Equal(2, status.Silos.Count);
        Assert.Equal(3, status.Frontends.Count);
        Assert.NotNull(status.Resp);
        Assert.All(status.Silos, silo => Assert.NotNull(silo.RespPort));
        Assert.NotNull(status.Redis);
        Assert.Equal(status.Members, cluster.FindMembers().Select(member => member.Id));
    }
}
