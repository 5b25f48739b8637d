using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.AspNetCore.Tests.Cluster;

/// <summary>A silo with a store of its own, for tests that move its clock or take its store away.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, TestStore store, string clusterId)
    {
        _host = host;
        Store = store;
        ClusterId = clusterId;
    }

    public string ClusterId { get; }

    public TestStore Store { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<TestSilo> StartAsync(TimeProvider? time = null, TestStore? store = null)
    {
        store ??= TestStore.Start();
        string clusterId = $"cluster-{Guid.NewGuid():N}";
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddTestSilo(store, clusterId, "own-silo", time);
        IHost host = builder.Build();
        await host.StartAsync();
        return new TestSilo(host, store, clusterId);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Store.Dispose();
    }
}
