using System.Collections.Concurrent;
using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Load generator of reads and writes that knows the expected content of every session.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private const int WarmUpRequests = 2_000;

    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<RequestRecord> _requests = new();
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LoadTarget> _sessions = [];
    private readonly List<Browser> _browsers = [];
    private readonly List<LoadClient> _clients = [];
    private DateTimeOffset _steadySince;
    private Task _running = Task.CompletedTask;

    private LoadGenerator()
    {
    }

    /// <summary>The number of completed requests.</summary>
    public int Count => _requests.Count;

    /// <summary>The requests so far.</summary>
    public IEnumerable<RequestRecord> Requests => _requests;

    /// <summary>Creates the sessions and starts the clients.</summary>
    public static async Task<LoadGenerator> StartAsync(Uri server, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        var load = new LoadGenerator();
        for (int i = 0; i < options.SharedSessions; i++)
        {
            await load.CreateSessionAsync(server, options);
        }

        List<LoadTarget> shared = [.. load._sessions];
        for (int i = 0; i < options.Clients; i++)
        {
            LoadTarget own = await load.CreateSessionAsync(server, options);
            LoadTarget[] joined = [.. shared.Select(target => target with { Browser = load.Add(target.Browser.Clone()) })];
            load._clients.Add(new LoadClient(i, options, own, joined, load._requests));
        }

        load._running = Task.WhenAll(load._clients.Select(client => client.RunAsync(load._stop.Task)));
        return load;
    }

    /// <summary>Waits until the load is steady: new processes compile their code during the first requests.</summary>
    public async Task WarmUpAsync()
    {
        await Eventually.TrueAsync($"{WarmUpRequests} requests are answered", WarmUpTimeout, () => Count >= WarmUpRequests);
        _steadySince = DateTimeOffset.UtcNow;
    }

    /// <summary>Runs the load for a while.</summary>
    public static Task RunForAsync(TimeSpan time) => Eventually.TimeAsync(DateTimeOffset.UtcNow + time);

    /// <summary>Waits for the requests in flight, starts no others, and reads every session to find lost writes.</summary>
    public async Task<LoadReport> StopAsync()
    {
        _stop.TrySetResult();
        await _running;
        List<string> violations = [.. _clients.SelectMany(client => client.Violations)];
        foreach (LoadTarget session in _sessions)
        {
            LedgerPage expected = session.Ledger.Page();
            violations.AddRange(session.Ledger.Compare(expected, await session.Browser.GetAsync()).Select(violation => "lost: " + violation));
        }

        return new LoadReport([.. _requests], violations, _sessions.Sum(session => session.Ledger.Acknowledgements), _steadySince);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.TrySetResult();
        await _running;
        foreach (Browser browser in _browsers)
        {
            browser.Dispose();
        }
    }

    private async Task<LoadTarget> CreateSessionAsync(Uri server, LoadOptions options)
    {
        Browser browser = Add(new Browser(server, options.Connect));
        await browser.PutAsync("created-by", "load");
        var target = new LoadTarget(browser, new SessionLedger());
        _sessions.Add(target);
        return target;
    }

    private Browser Add(Browser browser)
    {
        _browsers.Add(browser);
        return browser;
    }
}
