using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Full restart on the same store: the browser's session survives.</summary>
public sealed class FullRestartTests
{
    [Fact]
    public async Task Session_AfterAllStoppedAndStartedOnTheSameGarnetFolder_IsThere()
    {
        using var data = new TemporaryFolder();
        await AssertSurvivesAsync(new LocalClusterOptions { Data = data.Path }, async cluster => Assert.Equal(0, await cluster.StopAsync()));
    }

    [Fact]
    public async Task Session_AfterAllKilledAndStartedOnTheSameGarnetFolder_IsThere()
    {
        using var data = new TemporaryFolder();
        await AssertSurvivesAsync(new LocalClusterOptions { Data = data.Path, Frontends = 1 }, cluster => cluster.KillAllAsync());
    }

    [Fact]
    public async Task Session_AfterAllAndRedisStoppedAndStarted_IsThere()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await AssertSurvivesAsync(new LocalClusterOptions { Redis = redis.Address, Frontends = 1 }, async cluster =>
        {
            await cluster.StopAsync();
            await redis.StopAsync();
            await redis.StartAgainAsync();
        });
    }

    private static async Task AssertSurvivesAsync(LocalClusterOptions options, Func<LocalClusterProcess, Task> end)
    {
        Browser browser;
        SessionView before;
        await using (LocalClusterProcess first = await LocalClusterProcess.StartAsync(options))
        {
            browser = new Browser(first.Url);
            await browser.PutAsync("name", "value");
            await browser.IncrementAsync("count");
            before = await browser.GetAsync();
            await end(first);
        }

        await using LocalClusterProcess second = await LocalClusterProcess.StartAsync(options);
        using Browser same = browser.Clone(second.Url);
        browser.Dispose();
        SessionView after = await same.GetAsync();

        Assert.Equal(before.Id, after.Id);
        Assert.Equal(before.CreatedAt, after.CreatedAt);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal("value", after["name"]);
        Assert.Equal(2, await same.IncrementAsync("count"));
    }
}
