using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Secrets;

/// <summary>The token is in the cookie and nowhere else: not in Redis, logs, traces or error pages.</summary>
public sealed class TokenSecrecyTests
{
    [Fact]
    public async Task Token_AfterTrafficAndErrors_IsNowhereButInTheCookie()
    {
        Tools.Require(Tools.RedisServer);
        await using TraceSink traces = await TraceSink.StartAsync();
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = redis.Address,
            Environment = new Dictionary<string, string>(traces.Environment) { ["Logging__LogLevel__Default"] = "Debug" },
        });
        using var browser = new Browser(cluster.Url);
        List<string> tokens = [];
        List<string> pages = [];

        // What a user does.
        await browser.PutAsync("name", "value");
        tokens.Add(browser.Token!);
        string id = (await browser.GetAsync()).Id!;
        await browser.IncrementAsync("count");
        pages.Add(await PageAsync(browser, HttpMethod.Get, "/"));

        // What goes wrong: bad names, too much, no number, no such page, Redis away.
        pages.Add(await PageAsync(browser, HttpMethod.Put, "/api/session/entries/%01", new StringContent("x")));
        pages.Add(await PageAsync(browser, HttpMethod.Put, "/api/session/entries/big", new ByteArrayContent(new byte[2 << 20])));
        pages.Add(await PageAsync(browser, HttpMethod.Post, "/api/session/entries/name/increment"));
        pages.Add(await PageAsync(browser, HttpMethod.Get, "/no-such-page"));
        await redis.StopAsync();
        pages.Add(await PageAsync(browser, HttpMethod.Put, "/api/session/entries/name", new StringContent("lost")));
        await redis.StartAgainAsync();
        await Eventually.TrueAsync("commits work again", TimeSpan.FromSeconds(30), async () =>
        {
            using HttpResponseMessage answer = await browser.TryPutAsync("name", "value");
            return answer.StatusCode == HttpStatusCode.NoContent;
        });

        // A token that opens nothing, a new one, and an end.
        using Browser stranger = browser.Clone();
        tokens.Add(new string('x', 27) + Guid.NewGuid().ToString("N")[..16]);
        stranger.ForgeToken(tokens[^1]);
        pages.Add(await PageAsync(stranger, HttpMethod.Get, "/api/session"));
        await browser.RotateAsync();
        tokens.Add(browser.Token!);
        pages.Add(await PageAsync(browser, HttpMethod.Get, "/api/session"));

        await using StoredData store = await StoredData.OpenAsync(redis.Address);
        await Eventually.TrueAsync(
            "the traces tell of the requests", TimeSpan.FromSeconds(30), () => new SecretText("/increment").IsIn(traces.Received()));
        foreach (SecretText token in tokens.Distinct().Select(token => new SecretText(token)))
        {
            Assert.Empty(await store.FindAsync(token));
            Assert.DoesNotContain(redis.AppendOnlyFiles, file => token.IsIn(File.ReadAllBytes(file)));
            Assert.False(token.IsIn(cluster.Log), "A token is in the logs.");
            Assert.False(token.IsIn(traces.Received()), "A token is in the traces.");
            Assert.DoesNotContain(pages, token.IsIn);
        }

        // The search would find it: the session's public id is in all these places.
        var found = new SecretText(id);
        Assert.Contains(redis.AppendOnlyFiles, file => found.IsIn(File.ReadAllBytes(file)));
        Assert.True(new SecretText("Request starting").IsIn(cluster.Log), "The logs tell of no request.");
        Assert.Contains(pages, found.IsIn);
    }

    private static async Task<string> PageAsync(Browser browser, HttpMethod method, string path, HttpContent? body = null)
    {
        using HttpResponseMessage response = await browser.SendAsync(method, path, body);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
