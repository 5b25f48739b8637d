using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

    /// <summary>As after a long breakpoint, when the others have declared it dead.</summary>
    [Fact]
    public async Task Silo_ThatCannotGoOn_LeavesTheTestsAlone()
    {
        IServiceProvider? silo = null;
        await using SessionTestCluster cluster = await SessionTestCluster.StartAsync(
            options => options.ConfigureSilo = builder => builder.Services.AddHostedService(services =>
            {
                silo = services;
                return new Nothing();
            }),
            Cancellation);
        await using Application application = await Application.StartAsync(cluster);

        silo!.GetRequiredService<IFatalErrorHandler>().OnFatalException(this, "A test.", exception: null);

        Assert.Equal("1", await application.VisitAsync());
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

    /// <summary>Service of a silo, made from the silo's services.</summary>
    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
