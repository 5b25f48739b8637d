using System.Diagnostics;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP's and phpredis' session settings, on any store.</summary>
public abstract class PhpSettingTests(PhpStore store) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private IDatabase Keys => store.Connection.GetDatabase();

    public ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task StrictMode_UnknownId_GetsAnotherAndAKnownOneStays(PhpWay way)
    {
        await using PhpSite site = await StartAsync(way, ("session.use_strict_mode", "1"));
        using var browser = new PhpBrowser(site) { SessionId = "0123456789abcdef0123456789abcdef" };

        PhpAnswer first = await browser.SetAsync("name", "value");
        PhpAnswer second = await browser.ReadAsync();

        Assert.NotEqual("0123456789abcdef0123456789abcdef", first.Id);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal("\"value\"", second["name"]);
    }

    [Theory]
    [InlineData(PhpWay.PhpIni, "0")]
    [InlineData(PhpWay.PhpIni, "1")]
    [InlineData(PhpWay.HandlerClass, "0")]
    [InlineData(PhpWay.HandlerClass, "1")]
    public async Task LazyWrite_OnOrOff_ReadingKeepsTheSessionAndRestartsItsTimeout(PhpWay way, string lazy)
    {
        await using PhpSite site = await StartAsync(way, ("session.lazy_write", lazy), ("session.gc_maxlifetime", "100"));
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("name", "value");
        await Keys.KeyExpireAsync(Key(browser), TimeSpan.FromSeconds(50));

        PhpAnswer answer = await browser.ReadAsync();

        Assert.Equal("\"value\"", answer["name"]);
        Assert.InRange(await TimeToLiveAsync(browser), 90, 100);
        Assert.Equal("name|s:5:\"value\";", await Keys.StringGetAsync(Key(browser)));
    }

    [Fact]
    public async Task TimeToLive_OfASession_CountsDownAndIsResetByARequest()
    {
        await using PhpSite site = await StartAsync(PhpWay.PhpIni, ("session.gc_maxlifetime", "100"));
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("name", "value");

        Assert.InRange(await TimeToLiveAsync(browser), 90, 100);
        await Eventually.TrueAsync("seconds have passed", Soon, async () => (await Keys.KeyTimeToLiveAsync(Key(browser)))!.Value < TimeSpan.FromSeconds(97));
        var watch = Stopwatch.StartNew();
        await browser.ReadAsync();
        Assert.True(await TimeToLiveAsync(browser) > 98 - watch.Elapsed.TotalSeconds);

        // Like a handler that refreshes when it reads (GETEX).
        await Keys.StringGetSetExpiryAsync(Key(browser), TimeSpan.FromSeconds(500));
        Assert.InRange(await TimeToLiveAsync(browser), 490, 500);
    }

    [Fact]
    public async Task GcMaxlifetime_Over_TheSessionIsGone()
    {
        await using PhpSite site = await StartAsync(PhpWay.PhpIni, ("session.gc_maxlifetime", "2"));
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("name", "value");

        // Poll without touching: each request of the visitor would restart the two seconds.
        await Eventually.TrueAsync("it is gone", Soon, async () => !await Keys.KeyExistsAsync(Key(browser)));

        Assert.Empty((await browser.ReadAsync()).Entries);
    }

    [Fact]
    public async Task GcMaxlifetime_UsedInTime_TheSessionLivesOn()
    {
        await using PhpSite site = await StartAsync(PhpWay.PhpIni, ("session.gc_maxlifetime", "2"));
        for (int attempt = 0; attempt < 5; attempt++)
        {
            if (await LivesOnAsync(site))
            {
                return;
            }
        }

        Assert.Fail("The machine was too slow to use a session in time.");
    }

    [Fact]
    public async Task Locking_On_ACounterOfTwoHundredParallelRequestsIsTwoHundred()
    {
        const int count = 200;
        await using PhpSite site = await StartAsync(
            PhpWay.PhpIni,
            ("redis.session.locking_enabled", "1"),
            ("redis.session.lock_retries", "-1"),
            ("redis.session.lock_wait_time", "2000"),
            ("redis.session.lock_expire", "30"));
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("first", "1");

        PhpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => browser.IncrementAsync("count")));

        Assert.Equal($"{count}", (await browser.ReadAsync())["count"]);
        Assert.Equal(Enumerable.Range(1, count), answers.Select(answer => answer.Entries["count"].GetInt32()).Order());
        Assert.False(await Keys.KeyExistsAsync(Key(browser) + "_LOCK"));
    }

    [Fact]
    public async Task Persistent_Connections_ServeSessionsOfManyVisitors()
    {
        await using PhpSite site = await StartAsync(new PhpSettings(store.Server) { Options = "?persistent=1&poolId=pool" });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async visitor =>
        {
            using var browser = new PhpBrowser(site);
            for (int i = 1; i <= 10; i++)
            {
                Assert.Equal($"{i}", (await browser.IncrementAsync("count"))["count"]);
                Assert.Equal($"\"{visitor}\"", (await browser.SetAsync("visitor", $"{visitor}"))["visitor"]);
            }
        }));
    }

    [Fact]
    public async Task Prefix_OfAnother_KeepsItsSessionsApart()
    {
        await using PhpSite site = await StartAsync(new PhpSettings(store.Server) { Options = $"?prefix={PhpStore.OtherPrefix}" });
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("name", "value");

        Assert.Equal("\"value\"", (await browser.ReadAsync())["name"]);
        Assert.Equal("name|s:5:\"value\";", await Keys.StringGetAsync(PhpStore.OtherPrefix + browser.SessionId));
        Assert.False(await Keys.KeyExistsAsync(Key(browser)));
    }

    [Fact]
    public async Task Database_OfAnother_KeepsItsSessionsApart()
    {
        await using PhpSite site = await StartAsync(new PhpSettings(store.Server) { Options = "?database=2" });
        using var browser = new PhpBrowser(site);
        await browser.SetAsync("name", "value");

        Assert.Equal("\"value\"", (await browser.ReadAsync())["name"]);
        Assert.Equal("name|s:5:\"value\";", await store.Connection.GetDatabase(2).StringGetAsync(Key(browser)));
        Assert.False(await Keys.KeyExistsAsync(Key(browser)));
    }

    [Theory]
    [InlineData("php_serialize")]
    [InlineData("php_binary")]
    [InlineData("igbinary")]
    public async Task SerializeHandler_OfAnotherKind_WorksToo(string handler)
    {
        await using PhpSite site = await StartAsync(PhpWay.PhpIni, ("session.serialize_handler", handler));
        using var browser = new PhpBrowser(site);

        await browser.SetJsonAsync("list", "[1,\"two\",{\"three\":null}]");
        await browser.IncrementAsync("count");
        await browser.IncrementAsync("count");

        PhpAnswer answer = await browser.ReadAsync();
        Assert.Equal("[1,\"two\",{\"three\":null}]", answer["list"]);
        Assert.Equal("2", answer["count"]);
    }

    private static string Key(PhpBrowser browser) => $"PHPREDIS_SESSION:{browser.SessionId}";

    /// <summary>Uses a session of two seconds for four.</summary>
    /// <returns>False if the machine stalled for so long that the session may have ended.</returns>
    private static async Task<bool> LivesOnAsync(PhpSite site)
    {
        using var browser = new PhpBrowser(site);
        var watch = Stopwatch.StartNew();
        await browser.SetAsync("name", "value");
        TimeSpan last = TimeSpan.Zero;
        while (last < TimeSpan.FromSeconds(4))
        {
            TimeSpan started = watch.Elapsed;
            PhpAnswer answer = await browser.ReadAsync();
            if (watch.Elapsed - last > TimeSpan.FromSeconds(1.5))
            {
                return false;
            }

            Assert.Equal("\"value\"", answer["name"]);
            last = started;
        }

        return true;
    }

    private static Task<PhpSite> StartAsync(PhpSettings settings) => PhpSite.StartAsync(settings);

    private Task<PhpSite> StartAsync(PhpWay way, params (string Name, string Value)[] ini) =>
        StartAsync(new PhpSettings(store.Server) { Way = way, Ini = ini.ToDictionary(line => line.Name, line => line.Value) });

    private async Task<double> TimeToLiveAsync(PhpBrowser browser) => (await Keys.KeyTimeToLiveAsync(Key(browser)))!.Value.TotalSeconds;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
