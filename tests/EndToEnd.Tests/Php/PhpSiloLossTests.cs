using OrleansSessions.EndToEnd.Tests.Failures;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Silo loss under PHP load; nginx balances TCP connections over both silos' own endpoints.</summary>
[Collection(typeof(AloneCollection))]
public sealed class PhpSiloLossTests
{
    private const int OwnSessions = 6;
    private const int Sharers = 3;
    private const int WarmUpRequests = 300;
    private const int MaxRuns = 3;

    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Maximum cost of a lost silo: it is noticed within 3 s, and no request waits longer for its session.</summary>
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Silo_KilledUnderRequests_NothingAcknowledgedIsLost()
    {
        PhpStore.RequireTools();
        Tools.Require(Tools.NginxStream);
        bool hasRecovered = false;
        for (int run = 0; run < MaxRuns && !hasRecovered; run++)
        {
            hasRecovered = await KillSiloUnderRequestsAsync();
        }

        Assert.True(hasRecovered, $"Requests failed before the silo was killed, or later than {RecoveredWithin.TotalSeconds} s after it, in each of {MaxRuns} runs.");
    }

    /// <summary>Asserts that nothing acknowledged is lost.</summary>
    /// <returns>Whether requests failed only for as long as a lost silo may cost. A shared machine stalls now and then.</returns>
    private static async Task<bool> KillSiloUnderRequestsAsync()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = redis.Address,
            Frontends = 1,
            Environment = new Dictionary<string, string> { ["Resp__Password"] = "secret" },
        });
        await using NginxProcess balancer = await NginxProcess.StartAsync(
            port => NginxConfiguration.Stream(port, cluster.Status.Silos.Select(silo => silo.RespPort!.Value)));
        var settings = new PhpSettings($"127.0.0.1:{balancer.Port}") { Options = "?auth=secret" };
        await using PhpSite site = await PhpSite.StartAsync(settings);
        await using PhpSite persistent = await PhpSite.StartAsync(settings with { Options = settings.Options + "&persistent=1" });
        List<PhpBrowser> browsers = [];
        List<Visitor> visitors = [];
        for (int i = 0; i < OwnSessions; i++)
        {
            browsers.Add(new PhpBrowser(i % 2 == 0 ? site : persistent));
            visitors.Add(new Visitor(browsers[^1], "own"));
        }

        browsers.Add(new PhpBrowser(site));
        await browsers[^1].SetAsync("first", "1");
        visitors.AddRange(Enumerable.Range(0, Sharers).Select(i => new Visitor(browsers[^1], $"sharer-{i}")));
        var stop = new TaskCompletionSource();
        Task running = Task.WhenAll(visitors.Select(visitor => visitor.RunAsync(stop.Task)));
        await Eventually.TrueAsync($"{WarmUpRequests} requests are answered", WarmUpTimeout, () => visitors.Sum(visitor => visitor.Requests) >= WarmUpRequests);

        DateTimeOffset killed = DateTimeOffset.UtcNow;
        cluster.Member(cluster.Status.Silos[0].Pid).Send(Signal.Kill);
        await Eventually.TimeAsync(killed + Afterwards);
        stop.SetResult();
        await running;

        foreach (Visitor visitor in visitors)
        {
            await visitor.CheckAsync();
        }

        browsers.ForEach(browser => browser.Dispose());
        DateTimeOffset[] failures = [.. visitors.SelectMany(visitor => visitor.Failures)];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{visitors.Sum(visitor => visitor.Requests)} writes, each read back; {failures.Length} requests failed, the last "
            + $"{(failures.Length == 0 ? 0 : (failures.Max() - killed).TotalSeconds):0.0} s after the silo was killed.");
        Assert.Empty(visitors.SelectMany(visitor => visitor.Violations));
        return failures.All(failure => failure >= killed && failure <= killed + RecoveredWithin);
    }
}
