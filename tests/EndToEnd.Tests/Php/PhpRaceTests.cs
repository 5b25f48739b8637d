using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Parallel requests of one visitor without locks, and what remains of their writes.</summary>
public abstract class PhpRaceTests(PhpStore store) : IAsyncLifetime
{
    private const int Parallel = 200;

    private PhpSite? _site;

    public async ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        _site = await PhpSite.StartAsync(new PhpSettings(store.Server));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    private protected PhpBrowser Browse() => new(_site!);

    /// <summary>Two requests read, then each writes its own entry.</summary>
    private protected static async Task<PhpAnswer> WriteInParallelAsync(PhpBrowser browser)
    {
        using var gate = new Gate();
        Task<PhpAnswer> slow = browser.AskAsync("set", "&name=slow&value=1" + gate.Argument);
        await gate.ReachedAsync();
        await browser.SetAsync("quick", "1");
        gate.Open();
        await slow;
        return await browser.ReadAsync();
    }

    /// <summary>A request reads, the session ends, and the request writes.</summary>
    private protected static async Task<PhpAnswer> WriteLateAsync(PhpBrowser browser)
    {
        using var gate = new Gate();
        Task<PhpAnswer> slow = browser.AskAsync("set", "&name=slow&value=1" + gate.Argument);
        await gate.ReachedAsync();
        await browser.DestroyAsync();
        gate.Open();
        await slow;
        return await browser.ReadAsync();
    }

    /// <summary>Two hundred parallel requests each add their own entry.</summary>
    /// <returns>The number of remaining entries.</returns>
    private protected async Task<int> WriteManyAsync(PhpBrowser browser)
    {
        await browser.SetAsync("first", "1");

        // Some milliseconds pass between read and write, as in an application.
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(i => browser.AskAsync("set", $"&name=entry-{i}&value={i}&pause=20")));

        PhpAnswer answer = await browser.ReadAsync();
        int left = Enumerable.Range(0, Parallel).Count(i => answer[$"entry-{i}"] == $"\"{i}\"");
        TestContext.Current.TestOutputHelper?.WriteLine($"{store.GetType().Name}: of {Parallel} parallel requests' entries, {left} are left.");
        return left;
    }
}
