using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.AspNetCore.Tests.Cluster;

/// <summary>Silo with its own store, for tests that move its clock.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EmbeddedStore _store;

    private TestSilo(IHost host, EmbeddedStore store)
    {
        _host = host;
        _store = store;
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<TestSilo> StartAsync(TimeProvider time)
    {
        EmbeddedStore store = EmbeddedStore.Start();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddTestSilo(store, "own-cluster", "own-silo", time);
        IHost host = builder.Build();
        await host.StartAsync();
        return new TestSilo(host, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _store.Dispose();
    }
}
