using OrleansSessions.EndToEnd.Tests.Processes;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Passwords, seen from PHP.</summary>
public sealed class PhpPasswordTests
{
    [Fact]
    public async Task Password_OnRedis_IsRequested()
    {
        PhpStore.RequireTools();
        await using RedisProcess redis = await RedisProcess.StartAsync("secret");

        await AssertAsksForSecretAsync(redis.Address);
    }

    [Fact]
    public async Task Password_OnTheCluster_IsRequestedAsOnRedisAndUsersHaveTheirOwn()
    {
        PhpStore.RequireTools();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Silos = 1,
            Frontends = 1,
            Environment = new Dictionary<string, string>
            {
                ["Resp__Password"] = "secret",
                ["Resp__Users__shop"] = "other",
                ["Resp__Prefixes__0__Prefix"] = PhpStore.OtherPrefix,
                ["Resp__Prefixes__0__Merge"] = "true",
            },
        });

        await AssertAsksForSecretAsync(cluster.Status.Resp!);
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(cluster.Status.Resp!) { Options = "?auth[]=shop&auth[]=other" });
        using var browser = new PhpBrowser(site);
        Assert.Equal("1", (await browser.IncrementAsync("count"))["count"]);
    }

    private static async Task AssertAsksForSecretAsync(string server)
    {
        await using PhpSite right = await PhpSite.StartAsync(new PhpSettings(server) { Options = "?auth=secret" });
        await using PhpSite wrong = await PhpSite.StartAsync(new PhpSettings(server) { Options = "?auth=guess" });
        await using PhpSite missing = await PhpSite.StartAsync(new PhpSettings(server));
        await using PhpSite byClass = await PhpSite.StartAsync(
            new PhpSettings(server) { Way = PhpWay.HandlerClass, Prepend = Repository.Source("tests/EndToEnd.Tests/Php/www/handler-options.php") });
        using var browser = new PhpBrowser(right);
        Assert.Equal("1", (await browser.IncrementAsync("count"))["count"]);
        Assert.Equal("2", (await browser.IncrementAsync("count"))["count"]);

        using var stranger = new PhpBrowser(wrong) { SessionId = browser.SessionId };
        Assert.Null(await stranger.TryAskForAnswerAsync("read"));
        using var nobody = new PhpBrowser(missing) { SessionId = browser.SessionId };
        Assert.Null(await nobody.TryAskForAnswerAsync("read"));

        using var visitor = new PhpBrowser(byClass);
        await visitor.SetAsync("name", "value");
        Assert.Equal("\"value\"", (await visitor.ReadAsync())["name"]);
        await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync($"{server},password=secret");
        TimeSpan? left = await connection.GetDatabase().KeyTimeToLiveAsync(PhpStore.OtherPrefix + visitor.SessionId);
        Assert.InRange(left!.Value.TotalSeconds, 60, 77);
    }
}
