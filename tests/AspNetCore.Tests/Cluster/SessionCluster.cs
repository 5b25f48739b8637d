using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

[assembly: AssemblyFixture(typeof(SessionCluster))]

namespace OrleansSessions.AspNetCore.Tests.Cluster;

/// <summary>Store and one silo, shared by all tests; sessions of different tokens never interfere.</summary>
public sealed class SessionCluster : IAsyncLifetime
{
    public const string ClusterId = "library-tests";

    public const string SiloName = "silo-under-test";

    private IHost? _host;

    /// <summary>The grain factory for frontends in this process.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    internal EmbeddedStore Store { get; } = EmbeddedStore.Start();

    private IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddTestSilo(Store, ClusterId, SiloName);
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        Store.Dispose();
    }
}
