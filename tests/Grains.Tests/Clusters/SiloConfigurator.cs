using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Configuration of a test silo: as in production, with the cluster's clock, faults and event handler.</summary>
public sealed class SiloConfigurator : ISiloConfigurator
{
    public void Configure(ISiloBuilder siloBuilder)
    {
        SessionTestCluster cluster = SessionTestCluster.Named(siloBuilder.Configuration[SessionTestCluster.SettingsName]!);
        siloBuilder.AddSessionGrains(options =>
        {
            options.TimeProvider = cluster.Clock;

            // The longest interval allowed: tests run the sweep themselves.
            options.SweepInterval = TimeSpan.FromMinutes(1);
        });
        siloBuilder.AddIncomingGrainCallFilter(cluster.Arrived);
        siloBuilder.AddIncomingGrainCallFilter(cluster.Calls);
        FaultyStorage.Decorate(siloBuilder.Services, SessionGrainStorage.Name, cluster.Faults);
        FaultyStorage.Decorate(siloBuilder.Services, UserGrainStorage.Name, cluster.Faults);
        if (cluster.Handler is { } handler)
        {
            siloBuilder.Services.AddSingleton<ISessionEventHandler>(handler);
        }
    }
}
