using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Hosting;

[Collection(typeof(ClusterCollection))]
public sealed class SessionClusterTests(ClusterFixture fixture)
{
    private IServiceProvider Silo => fixture.Cluster.ServicesOf(fixture.Cluster.Silos[0]);

    [Fact]
    public void GrainDirectory_OfASilo_IsTheDistributedOneAndTheOnlyOne()
    {
        // TestingHost enables it by default: both registrations must be the same instance.
        IGrainDirectory[] directories = [.. Silo.GetKeyedServices<IGrainDirectory>(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY)];

        Assert.Single(directories.Distinct());
        Assert.Equal("DistributedGrainDirectory", directories[0].GetType().Name);
    }

    [Fact]
    public async Task Membership_OfASilo_IsInRedis()
    {
        SiloAddress silo = Silo.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        ClusterOptions cluster = Silo.GetRequiredService<IOptions<ClusterOptions>>().Value;

        Assert.True(await fixture.Cluster.Store.Database.HashExistsAsync($"{cluster.ServiceId}/members/{cluster.ClusterId}", silo.ToString()));
    }

    [Fact]
    public void FailureDetection_OfASilo_DeclaresAKilledOneDeadInSeconds()
    {
        ClusterMembershipOptions options = Silo.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;

        Assert.InRange(options.MaxProbeTimeout * options.NumMissedProbesLimit, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.InRange(Silo.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value.RangeLeaseDuration, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Redis_OfASilo_IsOneConnectionForEverything()
    {
        RedisConnection connection = Silo.GetRequiredService<RedisConnection>();

        Assert.Same(await connection.GetMultiplexerAsync(), await connection.WaitUntilConnectedAsync(TestContext.Current.CancellationToken));
        Assert.True(connection.IsConnected);
    }
}
