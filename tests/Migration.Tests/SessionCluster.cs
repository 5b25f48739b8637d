using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansSessions.Client;
using OrleansSessions.Migration.Tests;

[assembly: AssemblyFixture(typeof(SessionCluster))]

namespace OrleansSessions.Migration.Tests;

/// <summary>Target cluster of imports: a store and one silo, shared by all tests.</summary>
public sealed class SessionCluster : IAsyncLifetime
{
    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private IHost? _host;
    private SessionClient? _client;

    internal SessionClient Client => _client ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddTestSilo(_store, "migration-tests", "silo");
        _host = builder.Build();
        await _host.StartAsync();
        _client = new SessionClient(_host.Services.GetRequiredService<IGrainFactory>(), TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        _store.Dispose();
    }
}
