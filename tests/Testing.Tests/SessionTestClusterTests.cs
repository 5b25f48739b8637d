using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;

namespace OrleansSessions.Testing.Tests;

/// <summary>What users' own tests do with the cluster.</summary>
public sealed class SessionTestClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_EndsWhenTheTestMovesTheClock()
    {
        var ended = new EndedSessions();
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(
            options => options.ConfigureSilo = silo => silo.Services.AddSingleton<ISessionEventHandler>(ended), Cancellation);
        await using Application application = await Application.StartAsync(cluster);

        Assert.Equal("1", await application.VisitAsync());
        cluster.Clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal("2", await application.VisitAsync());
        cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("1", await application.VisitAsync());

        Assert.Equal(EndReason.IdleTimeout, (await ended.First.WaitAsync(Cancellation)).Reason);
    }

    [Fact]
    public async Task Session_SurvivesTheDeathOfASilo()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(static options => options.Silos = 2, Cancellation);
        await using Application application = await Application.StartAsync(cluster);
        Assert.Equal("1", await application.VisitAsync());

        await cluster.KillSiloAsync();
        Assert.Equal("2", await application.VisitAsync());

        await cluster.StartSiloAsync(Cancellation);
        await cluster.StopSiloAsync(Cancellation);
        Assert.Equal("3", await application.VisitAsync());
        Assert.Equal(1, cluster.SiloCount);
    }

    [Fact]
    public async Task Application_ThatHostsASilo_JoinsTheCluster()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(static options => options.Silos = 0, Cancellation);
        await using Application application = await Application.StartAsync(cluster, hostsSilo: true);

        Assert.Equal("1", await application.VisitAsync());
        cluster.Clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal("1", await application.VisitAsync());
    }

    [Fact]
    public async Task Silo_WithoutOne_CannotBeStopped()
    {
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(static options => options.Silos = 0, Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.StopSiloAsync(Cancellation));
    }
}
