using System.Diagnostics;
using System.Globalization;
using OrleansSessions.Bench.Runner.Processes;
using OrleansSessions.Bench.Runner.Stacks;
using StackExchange.Redis;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Initially empty Redis, with silos and a frontend that are started on it in turn.</summary>
internal sealed class GrowthStore : IAsyncDisposable
{
    private const int CommandTimeoutMilliseconds = 30_000;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<StartedProcess> _processes = [];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly string _name;
    private ConnectionMultiplexer? _redis;
    private string _address = string.Empty;
    private StackPlan _plan;
    private int _generation;
    private Uri _siloUrl = new("http://127.0.0.1");
    private Uri _frontendUrl = new("http://127.0.0.1");

    private GrowthStore(string name)
    {
        _name = name;
        _plan = PlanOf(0);
    }

    public IDatabase Database => Redis.GetDatabase();

    public long SiloResidentBytes => Silo.ResidentBytes;

    public bool SiloHasExited => Silo.HasExited;

    private ConnectionMultiplexer Redis => _redis ?? throw new InvalidOperationException("Redis is not started.");

    private StartedProcess Silo => _processes.Last(process => process.Role == "silo");

    public static async Task<GrowthStore> StartAsync(string name)
    {
        var store = new GrowthStore(name);
        store._address = new StackLauncher(store._plan, store._folder, store._processes, quotas: []).StartRedis();
        store._redis = await ConnectionMultiplexer.ConnectAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{store._address},abortConnect=false,allowAdmin=true,syncTimeout={CommandTimeoutMilliseconds},asyncTimeout={CommandTimeoutMilliseconds}"));
        await store.UntilAsync("Redis answers", () => Task.FromResult(store._redis.IsConnected));
        return store;
    }

    /// <summary>Stops the running silo, if any, and starts another with empty memory.</summary>
    /// <returns>The seconds from the start of its process until it is ready.</returns>
    public async Task<double> StartSiloAsync()
    {
        await EndAsync("silo");
        _plan = PlanOf(++_generation);
        long started = Stopwatch.GetTimestamp();
        _siloUrl = new StackLauncher(_plan, _folder, _processes, quotas: []).StartGrowthSilo(_address);
        await UntilAsync("the silo is ready", () => SucceedsAsync(HttpMethod.Get, new Uri(_siloUrl, "/ready")));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Starts a frontend that is a client of the silo.</summary>
    public async Task<Uri> StartFrontendAsync()
    {
        (int port, _) = new StackLauncher(_plan, _folder, _processes, quotas: []).StartFrontends(_address, _address);
        var url = new Uri($"http://127.0.0.1:{port}");
        await UntilAsync("the frontend stores a session", () => SucceedsAsync(HttpMethod.Post, new Uri(url, "/create?bytes=100")));
        return _frontendUrl = url;
    }

    /// <summary>Moves the clocks of frontend and silo forward.</summary>
    public async Task AdvanceAsync(int seconds)
    {
        using HttpResponseMessage response = await _client.PostAsync(new Uri(_frontendUrl, $"/advance?seconds={seconds}"), content: null);
        response.EnsureSuccessStatusCode();
        await TellAsync($"/advance?seconds={seconds}");
    }

    /// <summary>Calls an endpoint of the silo; its response is a number or empty.</summary>
    public async Task<double> TellAsync(FormattableString path)
    {
        using HttpResponseMessage response = await _client.PostAsync(new Uri(_siloUrl, path.ToString(CultureInfo.InvariantCulture)), content: null);
        response.EnsureSuccessStatusCode();
        string answer = await response.Content.ReadAsStringAsync();
        return answer.Length == 0 ? 0 : double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public async Task<long> CountFiredAsync() => long.Parse(await _client.GetStringAsync(new Uri(_siloUrl, "/fired")), CultureInfo.InvariantCulture);

    public Task<long> CountKeysAsync() => Redis.GetServers()[0].DatabaseSizeAsync();

    public async Task<long> UsedBytesAsync()
    {
        IGrouping<string, KeyValuePair<string, string>>[] sections = await Redis.GetServers()[0].InfoAsync("memory");
        return long.Parse(sections.SelectMany(section => section).Single(line => line.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        foreach (StartedProcess process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _client.Dispose();
        _folder.Dispose();
    }

    private async Task EndAsync(string role)
    {
        foreach (StartedProcess process in _processes.Where(process => process.Role == role).ToArray())
        {
            await process.DisposeAsync();
            _processes.Remove(process);
        }
    }

    private async Task<bool> SucceedsAsync(HttpMethod method, Uri url)
    {
        try
        {
            using var request = new HttpRequestMessage(method, url);
            using HttpResponseMessage response = await _client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (_processes.FirstOrDefault(process => process.HasExited) is { } ended)
            {
                throw new InvalidOperationException($"{_name}: {ended} has ended; see its log in {StackLauncher.Logs}.");
            }

            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
            {
                throw new TimeoutException($"{_name}: timed out after {StartTimeout} waiting until {what}. See the logs in {StackLauncher.Logs}.");
            }

            await Task.Delay(Poll);
        }
    }

    private StackPlan PlanOf(int generation) => new(_name, _name, FrontendKind.AspNetCore, SessionHome.Client)
    {
        Silos = 1,
        ClusterId = string.Create(CultureInfo.InvariantCulture, $"growth-{generation}"),
    };
}
