using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Live;

/// <summary>Two frontends, each with a silo, on one store. The test moves their time of day.</summary>
public sealed class LiveCluster : IAsyncLifetime
{
    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private LiveFrontend? _one;
    private LiveFrontend? _two;

    internal TestClock Clock { get; } = new();

    internal LiveFrontend One => _one ?? throw new InvalidOperationException("The first frontend has not started.");

    internal LiveFrontend Two => _two ?? throw new InvalidOperationException("The second frontend has not started.");

    public async ValueTask InitializeAsync()
    {
        _one = await LiveFrontend.StartAsync(_store, "live", "one", Clock);
        _two = await LiveFrontend.StartAsync(_store, "live", "two", Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        _store.Dispose();
    }
}
