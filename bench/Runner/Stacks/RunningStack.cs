using System.Diagnostics;
using System.Net;
using OrleansSessions.Bench.Runner.Processes;
using StackExchange.Redis;

namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Running processes of a stack, with its own Redis, so that its commands can be counted.</summary>
internal sealed class RunningStack : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly List<StartedProcess> _processes = [];
    private readonly List<ProcessorQuota> _quotas = [];
    private ConnectionMultiplexer? _redis;

    private RunningStack(StackPlan plan) => Plan = plan;

    public StackPlan Plan { get; }

    /// <summary>The URL for requests.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The frontends behind it, if they are our programs and report their own figures.</summary>
    public IReadOnlyList<Uri> AspNetFrontends { get; private set; } = [];

    /// <summary>The health and metrics of the silos that have their own processes.</summary>
    public IReadOnlyList<Uri> Silos { get; private set; } = [];

    public IReadOnlyList<StartedProcess> Processes => _processes;

    /// <summary>The stack's Redis, for its own figures.</summary>
    public IServer Redis => _redis?.GetServers()[0] ?? throw new InvalidOperationException("The stack is not started.");

    /// <summary>Starts everything and waits until all of it works.</summary>
    public static async Task<RunningStack> StartAsync(StackPlan plan)
    {
        var stack = new RunningStack(plan);
        try
        {
            await stack.StartAsync();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        // Stop in reverse order, frontends first, so that no process loses what it depends on.
        foreach (StartedProcess process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _quotas.ForEach(static quota => quota.Dispose());
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        var launcher = new StackLauncher(Plan, _folder, _processes, _quotas);
        string redis = launcher.StartRedis();
        _redis = await ConnectionMultiplexer.ConnectAsync($"{redis},abortConnect=false,allowAdmin=true");
        await UntilAsync("Redis answers", () => Task.FromResult(_redis.IsConnected));

        (string? endpoint, Silos) = launcher.StartSilos(redis);
        (int port, IReadOnlyList<int> frontends) = launcher.StartFrontends(redis, endpoint ?? redis);
        Url = new Uri($"http://127.0.0.1:{port}");
        if (Plan.Kind == FrontendKind.AspNetCore)
        {
            AspNetFrontends = [.. frontends.Select(frontend => new Uri($"http://127.0.0.1:{frontend}"))];
        }

        // A frontend that stores a session has all it needs. Behind a balancer, check each frontend directly too.
        using var client = new HttpClient();
        foreach (Uri url in AspNetFrontends.Append(Url))
        {
            await UntilAsync($"{url} stores a session", () => StoresAsync(client, url));
        }
    }

    private static async Task<bool> StoresAsync(HttpClient client, Uri url)
    {
        try
        {
            using HttpResponseMessage response = await client.PostAsync(new Uri(url, "/create?bytes=1"), content: null);
            return response.StatusCode == HttpStatusCode.OK;
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
                throw new InvalidOperationException($"{Plan}: {ended} has ended; see its log in {StackLauncher.Logs}.");
            }

            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
            {
                throw new TimeoutException($"{Plan}: timed out after {StartTimeout} waiting until {what}. See the logs in {StackLauncher.Logs}.");
            }

            await Task.Delay(Poll);
        }
    }
}
