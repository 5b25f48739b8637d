using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Cost of requests for Redis, by its own count of commands.</summary>
[Collection(typeof(RedisCollection))]
public sealed class RedisCostTests(RedisCluster cluster)
{
    private const int Requests = 300;

    /// <summary>
    /// The cluster itself sends a few commands to Redis (membership, reminders, connection checks), more of them the longer the requests take. One command for every
    /// third request would exceed this.
    /// </summary>
    private const int Background = Requests / 3;

    /// <summary>Commands of the expiry sweep and of lease renewal, which no request sends.</summary>
    private static readonly string[] OfNoRequest = ["zrangebyscore", Renewal, "hmget"];

    private const string Renewal = "hincrby";

    [Fact]
    public async Task Request_ThatOnlyReads_CostsNoRedisCommand()
    {
        using var browser = new Browser(cluster.Url(LoadBalancer.Yarp));
        await browser.PutAsync("name", "value");

        await AssertCostsNothingAsync(browser, view => view["name"] == "value");
    }

    [Fact]
    public async Task Request_WithoutACookie_CostsNoRedisCommand()
    {
        using var browser = new Browser(cluster.Url(LoadBalancer.Yarp));

        await AssertCostsNothingAsync(browser, view => view.Id is null);
    }

    [Fact]
    public async Task Request_ThatWrites_IsCounted()
    {
        using var browser = new Browser(cluster.Url(LoadBalancer.Yarp));
        await browser.PutAsync("name", "value");

        IReadOnlyDictionary<string, long> cost = await MeasureAsync(() => browser.PutAsync("name", "other"));

        Assert.True(cost.Values.Sum() >= Requests, Describe(cost));
    }

    /// <summary>Before tokens had a secret part, a rotation moved the session, with 16 commands.</summary>
    [Fact]
    public async Task Request_ThatRotates_CostsOneScriptOfRedis()
    {
        using var browser = new Browser(cluster.Url(LoadBalancer.Yarp));
        await browser.PutAsync("name", "value");
        IReadOnlyDictionary<string, long> write = await MeasureAsync(() => browser.PutAsync("name", "other"));

        IReadOnlyDictionary<string, long> cost = await MeasureAsync(browser.RotateAsync);

        // The script that stores a session, and what it calls: the same as for a write.
        long scripts = cost.Where(static command => command.Key.StartsWith("eval", StringComparison.Ordinal)).Sum(static command => command.Value);
        Assert.InRange(scripts, Requests, Requests + Background);
        Assert.True(cost.Values.Sum() <= write.Values.Sum() + Background, $"{Describe(write)}; rotations: {Describe(cost)}");
    }

    private async Task AssertCostsNothingAsync(Browser browser, Func<SessionView, bool> expected)
    {
        IReadOnlyDictionary<string, long> cost = await MeasureAsync(async () => Assert.True(expected(await browser.GetAsync())));

        Assert.True(cost.Values.Sum() <= Background, Describe(cost));
    }

    private async Task<IReadOnlyDictionary<string, long>> MeasureAsync(Func<Task> request)
    {
        await using StoredData store = await cluster.OpenStoreAsync();
        IReadOnlyDictionary<string, long> before = await store.CommandsAsync();
        for (int i = 0; i < Requests; i++)
        {
            await request();
        }

        IReadOnlyDictionary<string, long> after = await store.CommandsAsync();
        Dictionary<string, long> cost = Difference(before, after);
        TestContext.Current.TestOutputHelper?.WriteLine(Describe(cost));
        return cost;
    }

    /// <summary>The commands in between, without those that no request sends.</summary>
    internal static Dictionary<string, long> Difference(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after)
    {
        long Calls(string command) => after.GetValueOrDefault(command) - before.GetValueOrDefault(command);

        // Each lease renewal also reads all leases.
        return after.Keys
            .Where(command => !OfNoRequest.Contains(command))
            .Select(command => (command, Calls: command == "hgetall" ? Calls(command) - Calls(Renewal) : Calls(command)))
            .Where(static command => command.Calls > 0)
            .ToDictionary(static command => command.command, static command => command.Calls);
    }

    private static string Describe(IReadOnlyDictionary<string, long> cost) =>
        $"{Requests} requests cost {cost.Values.Sum()} commands: {string.Join(", ", cost.Select(command => $"{command.Key} {command.Value}"))}";
}
