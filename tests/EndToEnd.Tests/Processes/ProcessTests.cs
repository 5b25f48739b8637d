using System.Net;
using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.EndToEnd.Tests.Stores;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Tests of the process classes that other tests build on.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Process_Disposed_LeavesNoChildBehind()
    {
        ChildProcess process = ChildProcess.Start("shell", ["sh", "-c", "sleep 600 & sleep 600 & echo started; wait"]);
        await process.UntilAsync("it started", Soon, () => process.Output.Contains("started", StringComparison.Ordinal));
        IReadOnlyList<LiveProcess> group = process.Processes;
        Assert.Equal(3, group.Count);

        await process.DisposeAsync();

        Assert.DoesNotContain(group, member => member.IsAlive);
    }

    [Fact]
    public async Task Signal_ToAProcessWhoseIdWasGivenToAnother_IsNotSent()
    {
        await using ChildProcess process = ChildProcess.Start("shell", ["sh", "-c", "echo started; sleep 600"]);
        await process.UntilAsync("it started", Soon, () => process.Output.Contains("started", StringComparison.Ordinal));
        LiveProcess[] successors = [.. process.Processes];

        foreach (LiveProcess successor in successors)
        {
            LiveProcess former = successor with { Started = successor.Started - 1 };
            Assert.False(former.IsAlive);
            former.Send(Signal.Kill);
            Assert.Empty(former.FindSession());
        }

        Assert.NotEmpty(successors);
        Assert.All(successors, successor => Assert.True(successor.IsAlive));
    }

    [Fact]
    public async Task Process_Frozen_DoesNothingUntilItContinues()
    {
        await using ChildProcess process = ChildProcess.Start("shell", ["sh", "-c", "echo started; sleep 600 & wait"]);
        await process.UntilAsync("it started", Soon, () => process.Output.Contains("started", StringComparison.Ordinal));
        LiveProcess shell = process.Processes.Single(member => member.Id == process.Id);
        Assert.False(shell.IsFrozen);

        await process.FreezeAsync();

        Assert.True(shell.IsFrozen);
        process.Send(Signal.Terminate);
        Assert.True(shell.IsAlive);
        await process.StopAsync(Signal.Continue, Soon);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redis_StoppedAndStarted_HasItsData(bool tls)
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync("secret", tls);
        ConfigurationOptions options = ConfigurationOptions.Parse($"localhost:{redis.Port},password=secret,ssl={tls}");
        if (tls)
        {
            options.TrustIssuer(redis.Certificate!.AuthorityFile);
        }

        await using (ConnectionMultiplexer connection = await PatientRedis.ConnectAsync(options))
        {
            await connection.GetDatabase().StringSetAsync("name", "value");
        }

        await redis.StopAsync();
        await redis.StartAgainAsync();

        await using ConnectionMultiplexer again = await PatientRedis.ConnectAsync(options);
        Assert.Equal("value", await again.GetDatabase().StringGetAsync("name"));
    }

    [Fact]
    public async Task StoredData_OfEveryType_IsSearched()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync(redis.Address);
        IDatabase database = connection.GetDatabase();
        await database.StringSetAsync("string", "a needle");
        await database.HashSetAsync("hash", "needle", "1");
        await database.SortedSetAddAsync("sorted", "needle", 1);
        await database.SetAddAsync("set", "needle");
        await database.ListRightPushAsync("list", "needle");
        await database.StringSetAsync("needle", "1");
        await database.StringSetAsync("other", "hay");

        await using StoredData store = await StoredData.OpenAsync(redis.Address);

        Assert.Equal(6, (await store.FindAsync(new SecretText("needle"))).Count);
    }

    [Fact]
    public async Task Nginx_InFrontOfTwoServers_AsksThemInTurn()
    {
        Tools.Require(Tools.Nginx);
        await using SessionServerStub first = await SessionServerStub.StartAsync();
        await using SessionServerStub second = await SessionServerStub.StartAsync();
        await using NginxProcess nginx = await NginxProcess.StartAsync([first.Url, second.Url]);
        using var http = new HttpClient();

        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(nginx.Url, "/api/session"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(2, first.Reads);
        Assert.Equal(2, second.Reads);
    }

    [Fact]
    public async Task Chromium_OpensAPage()
    {
        await using SessionServerStub server = await SessionServerStub.StartAsync();
        await using Shop.Chromium chromium = await Shop.Chromium.StartAsync();

        Microsoft.Playwright.IPage page = await chromium.OpenAsync(new Uri(server.Url, "/api/session"));

        Assert.Contains("stub", await page.ContentAsync());
    }
}
