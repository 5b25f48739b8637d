using System.Globalization;
using System.Net;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>One session on every node, as seen by a user behind a load balancer, on any store.</summary>
public abstract class SharedSessionTests(ClusterFixture fixture)
{
    private const int FrontendCount = 3;

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Session_ThirtyRequestsInTurn_EachFrontendSeesWhatTheOneBeforeWrote(LoadBalancer balancer)
    {
        using var browser = new Browser(fixture.Url(balancer));
        HashSet<string> frontends = [];
        for (int step = 1; step <= 15; step++)
        {
            string number = step.ToString(CultureInfo.InvariantCulture);
            string writer = await browser.PutAsync("step", number);
            SessionView view = await browser.GetAsync();

            Assert.Equal(number, view["step"]);
            Assert.NotEqual(writer, view.Frontend);
            frontends.UnionWith([writer, view.Frontend!]);
        }

        Assert.Equal(FrontendCount, frontends.Count);
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Session_ThreeHundredParallelPutsOfDistinctEntries_HoldsAll(LoadBalancer balancer)
    {
        const int count = 300;
        using var browser = new Browser(fixture.Url(balancer));
        await browser.PutAsync("first", "1");

        string[] servers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => browser.PutAsync($"entry-{i}", $"value-{i}")));

        SessionView view = await browser.GetAsync();
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal($"value-{i}", view[$"entry-{i}"]));
        Assert.Equal(FrontendCount, servers.Distinct().Count());
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Counter_ThousandParallelIncrements_CountsExactlyThousand(LoadBalancer balancer)
    {
        const int count = 1000;
        using var browser = new Browser(fixture.Url(balancer));
        await browser.PutAsync("first", "1");

        long[] values = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => browser.IncrementAsync("count")));

        Assert.Equal(Enumerable.Range(1, count).Select(value => (long)value), values.Order());
        Assert.Equal("1000", (await browser.GetAsync())["count"]);
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Session_Destroyed_IsGoneOnEveryFrontendForEveryHolderOfItsCookie(LoadBalancer balancer)
    {
        using var browser = new Browser(fixture.Url(balancer));
        await browser.PutAsync("name", "value");
        using Browser other = browser.Clone();

        await browser.DeleteAsync();

        Assert.Null(browser.Token);
        for (int i = 0; i < FrontendCount; i++)
        {
            Assert.Null((await other.GetAsync()).Id);
        }
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Session_Rotated_LivesOnUnderTheNewCookieAndTheSameId(LoadBalancer balancer)
    {
        using var browser = new Browser(fixture.Url(balancer));
        await browser.PutAsync("name", "value");
        using Browser guesser = browser.Clone();
        string before = browser.Token!;
        string? id = (await browser.GetAsync()).Id;

        await browser.RotateAsync();

        Assert.NotEqual(before, browser.Token);
        guesser.ForgeToken(before[..^1] + (before[^1] == 'A' ? 'Q' : 'A'));
        for (int i = 0; i < FrontendCount; i++)
        {
            SessionView view = await browser.GetAsync();
            Assert.Equal((id, "value"), (view.Id, view["name"]));
            Assert.Null((await guesser.GetAsync()).Id);
        }
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Requests_WithTheOldCookieInItsGrace_GoOnAndGetNoCookie(LoadBalancer balancer)
    {
        using var browser = new Browser(fixture.Url(balancer));
        await browser.PutAsync("name", "value");
        Browser[] parallel = [.. Enumerable.Range(0, 2 * FrontendCount).Select(_ => browser.Clone())];
        string? before = browser.Token;

        Task<long[]> counted = Task.WhenAll(parallel.Select(other => other.IncrementAsync("n")));
        await browser.RotateAsync();
        await counted;
        await Task.WhenAll(parallel.Select(async other =>
        {
            await other.IncrementAsync("n");
            Assert.Equal("value", (await other.GetAsync())["name"]);
            Assert.Equal(before, other.Token);
            other.Dispose();
        }));

        Assert.Equal($"{2 * parallel.Length}", (await browser.GetAsync())["n"]);
    }

    [Theory]
    [InlineData(LoadBalancer.Yarp)]
    [InlineData(LoadBalancer.Nginx)]
    public async Task Visitor_WhoStoresNothing_GetsNoCookie(LoadBalancer balancer)
    {
        using var browser = new Browser(fixture.Url(balancer));

        using HttpResponseMessage response = await browser.TryGetAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Null((await Browser.ReadAsync(response)).Id);
    }
}
