using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Reports;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Foreground load on other sessions: reads and writes at a pace that leaves CPU idle.</summary>
internal sealed class Foreground(Uri url) : IDisposable
{
    private const int Sessions = 500;
    private const int RunSeconds = 2;
    private const int RunsBefore = 4;

    private static readonly Workload Visits = WorkloadCatalogue.All.Single(workload => workload.Name == "mix") with { Connections = 16, Think = (5, 15) };

    private readonly SessionPool _pool = new(url, Sessions);

    public long Errors { get; private set; }

    /// <summary>Measures latency before any session ends.</summary>
    public async Task<Spread?> BeforeAsync()
    {
        await RunAsync();
        List<double> latencies = [];
        for (int i = 0; i < RunsBefore; i++)
        {
            latencies.Add(await RunAsync());
        }

        return Spread.Of(latencies);
    }

    /// <summary>Measures latency while sessions end. Runs that finished before the first end or started after the last are discarded.</summary>
    public async Task<Spread?> DuringAsync(Countdown countdown)
    {
        List<double> latencies = [];
        Task work = countdown.RunAsync();
        while (!work.IsCompleted)
        {
            double latency = await RunAsync();
            if (countdown.HasBegun)
            {
                latencies.Add(latency);
            }
        }

        await work;
        return Spread.Of(latencies);
    }

    public void Dispose() => _pool.Dispose();

    /// <returns>The p99 latency in milliseconds.</returns>
    private async Task<double> RunAsync()
    {
        WrkResult result = await Wrk.RunAsync(url, Visits, await _pool.GetAsync(Visits), RunSeconds);
        Errors += result.Errors;
        return result.P99 / 1000.0;
    }
}
