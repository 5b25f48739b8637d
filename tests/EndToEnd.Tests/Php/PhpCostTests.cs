using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Stores;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Cost of the Redis protocol for the Redis below the cluster, by Redis' own count of commands, and redis-cli's view.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpCostTests(ClusterPhpStore store)
{
    private const int Reads = 300;

    /// <summary>The cluster itself sends a few commands to Redis. One command for every third read would exceed this.</summary>
    private const int Background = Reads / 3;

    [Fact]
    public async Task Get_ThroughEachSilo_CostsNoRedisCommand()
    {
        PhpStore.RequireTools();
        string key = $"PHPREDIS_SESSION:{Guid.NewGuid():N}";
        await store.Connection.GetDatabase().StringSetAsync(key, "name|s:5:\"value\";", TimeSpan.FromMinutes(5));
        await using StoredData redis = await store.OpenStoreAsync();

        foreach (SiloStatus silo in store.Status.Silos)
        {
            await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync($"127.0.0.1:{silo.RespPort}");
            IReadOnlyDictionary<string, long> before = await redis.CommandsAsync();
            for (int i = 0; i < Reads; i++)
            {
                Assert.Equal("name|s:5:\"value\";", await connection.GetDatabase().StringGetAsync(key));
            }

            IReadOnlyDictionary<string, long> after = await redis.CommandsAsync();
            long cost = RedisCostTests.Difference(before, after).Values.Sum();
            TestContext.Current.TestOutputHelper?.WriteLine($"{Reads} times GET through {silo.Name}: {cost} commands.");
            Assert.InRange(cost, 0, Background);
        }
    }

    [Fact]
    public async Task RedisCli_GetsASession_PrintsPhpsOwnText()
    {
        PhpStore.RequireTools();
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(store.Server));
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("sex", "Hello");
        await browser.IncrementAsync("n");

        string port = store.Server.Split(':')[^1];
        await using ChildProcess cli = ChildProcess.Start("redis-cli", ["redis-cli", "-p", port, "get", $"PHPREDIS_SESSION:{browser.SessionId}"]);
        await Eventually.TrueAsync("it has printed", TimeSpan.FromSeconds(60), () => cli.HasExited && cli.Output.Length > 0);

        Assert.Equal("sex|s:5:\"Hello\";n|i:1;", cli.Output.Trim());
    }
}
