using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>What requests cost Redis, by its own count of commands.</summary>
[Collection(typeof(RedisCollection))]
public sealed class RedisCostTests(RedisCluster cluster)
{
    private const int Requests = 300;

    /// <summary>
    /// The cluster itself talks to Redis now and then (membership, reminders, the connections' own checks), the more the longer the requests take.
    /// One command for each third request would show.
    /// </summary>
    private const int Background = Requests / 3;

    /// <summary>How the expiry sweep asks for what is due; no request does.</summary>
    internal const string Sweep = "zrangebyscore";

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
        var cost = after
            .Select(command => (command.Key, Calls: command.Value - before.GetValueOrDefault(command.Key)))
            .Where(command => command.Calls > 0 && command.Key != Sweep)
            .ToDictionary(command => command.Key, command => command.Calls);
        TestContext.Current.TestOutputHelper?.WriteLine(Describe(cost));
        return cost;
    }

    private static string Describe(IReadOnlyDictionary<string, long> cost) =>
        $"{Requests} requests cost {cost.Values.Sum()} commands: {string.Join(", ", cost.Select(command => $"{command.Key} {command.Value}"))}";
}
