using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Secrets;

/// <summary>The token and its parts appear in the cookie only: not in Redis, logs, traces or error pages.</summary>
public sealed class TokenSecrecyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _tokens = [];
    private readonly List<string> _pages = [];

    [Fact]
    public async Task Token_AfterTrafficAndErrors_IsNowhereButInTheCookie()
    {
        Tools.Require(Tools.RedisServer);
        await using TraceSink traces = await TraceSink.StartAsync();
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Redis = redis.Address,
            Environment = new Dictionary<string, string>(traces.Environment)
            {
                ["Logging__LogLevel__Default"] = "Debug",
                ["Logging__LogLevel__Microsoft.AspNetCore"] = "Debug",
                ["Logging__LogLevel__Orleans"] = "Debug",
            },
        });
        using var browser = new Browser(cluster.Url);
        await UseAsync(browser);
        string id = (await browser.GetAsync()).Id!;
        await redis.StopAsync();
        await VisitAsync(browser, HttpMethod.Put, "/api/session/entries/name", "refused");
        await redis.StartAgainAsync();
        await Eventually.TrueAsync("commits work again", Soon, async () =>
        {
            using HttpResponseMessage answer = await browser.TryPutAsync("name", "value");
            return answer.StatusCode == HttpStatusCode.NoContent;
        });
        await EndAsync(browser);

        // Wait until the requests appear in the traces, where a leaked token would appear too.
        await Eventually.TrueAsync(
            "the traces tell of requests and of the grain calls they made",
            Soon,
            () => new SecretText("http.route").IsIn(traces.Received()) && new SecretText("ISessionGrain/CommitAsync").IsIn(traces.Received()));
        Assert.Contains("Request starting", cluster.Log);
        Assert.Contains(redis.AppendOnlyFiles, file => new SecretText(id).IsIn(File.ReadAllBytes(file)));
        Assert.Contains(_pages, page => page.Contains(id, StringComparison.Ordinal));

        await using StoredData store = await StoredData.OpenAsync(redis.Address);
        foreach (SecretText token in _tokens.Select(token => new SecretText(token)))
        {
            Assert.Empty(await store.FindAsync(token));
            Assert.DoesNotContain(redis.AppendOnlyFiles, file => token.IsIn(File.ReadAllBytes(file)));
            Assert.False(token.IsIn(cluster.Log), "A token is in the logs.");
            Assert.False(token.IsIn(traces.Received()), "A token is in the traces.");
            Assert.DoesNotContain(_pages, token.IsIn);
        }
    }

    /// <summary>Imitates users and errors: invalid names, oversized values, no number, an unknown page, an invalid token.</summary>
    private async Task UseAsync(Browser browser)
    {
        await VisitAsync(browser, HttpMethod.Put, "/api/session/entries/name", "value");
        await VisitAsync(browser, HttpMethod.Post, "/api/session/entries/count/increment");
        await VisitAsync(browser, HttpMethod.Get, "/api/session");
        await VisitAsync(browser, HttpMethod.Get, "/");
        await VisitAsync(browser, HttpMethod.Put, "/api/session/entries/%01", "x");
        await VisitAsync(browser, HttpMethod.Put, "/api/session/entries/big", new string('x', 2 << 20));
        await VisitAsync(browser, HttpMethod.Post, "/api/session/entries/name/increment");
        await VisitAsync(browser, HttpMethod.Get, "/no-such-page");

        using Browser stranger = browser.Clone();
        stranger.ForgeToken(string.Concat(Guid.NewGuid().ToString("N"), "-unknown-tk"));
        await VisitAsync(stranger, HttpMethod.Get, "/");
        await VisitAsync(stranger, HttpMethod.Put, "/api/session/entries/name", "mine");
    }

    private async Task EndAsync(Browser browser)
    {
        await VisitAsync(browser, HttpMethod.Post, "/api/session/rotate");
        await VisitAsync(browser, HttpMethod.Get, "/api/session");
        await VisitAsync(browser, HttpMethod.Delete, "/api/session");
    }

    private async Task VisitAsync(Browser browser, HttpMethod method, string path, string? body = null)
    {
        Remember(browser);
        using HttpResponseMessage response = await browser.SendAsync(method, path, body is null ? null : new StringContent(body));
        _pages.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Remember(browser);
    }

    private void Remember(Browser browser)
    {
        if (browser.Token is { } token)
        {
            _tokens.UnionWith([token, .. token.Split('.')]);
        }
    }
}
