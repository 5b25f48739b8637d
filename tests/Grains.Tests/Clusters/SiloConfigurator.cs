using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Configures a test silo as production does, with the cluster's clock, faults and event handler.</summary>
public sealed class SiloConfigurator : ISiloConfigurator
{
    public void Configure(ISiloBuilder siloBuilder)
    {
        SessionTestCluster cluster = SessionTestCluster.Named(siloBuilder.Configuration[SessionTestCluster.SettingsName]!);
        siloBuilder.AddSessionGrains(options =>
        {
            options.TimeProvider = cluster.Clock;

            // As seldom as allowed: the tests sweep when they want to.
            options.SweepInterval = TimeSpan.FromMinutes(1);
        });
        siloBuilder.AddIncomingGrainCallFilter(cluster.Arrived);
        FaultyStorage.Decorate(siloBuilder.Services, cluster.Faults);
        if (cluster.Handler is { } handler)
        {
            siloBuilder.Services.AddSingleton<ISessionEventHandler>(handler);
        }
    }
}
