using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>One session, two languages: a visitor of PHP servers and an ASP.NET Core server, with one cookie.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpAndAspNetTests(ClusterPhpStore store) : IAsyncLifetime
{
    private PhpSite? _site;

    public async ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        _site = await PhpSite.StartAsync(new PhpSettings(store.Server)
        {
            Ini = new Dictionary<string, string> { ["session.use_strict_mode"] = "1", ["session.gc_maxlifetime"] = "1000" },
        });
    }

    [Theory]
    [InlineData("\"Gr\u00fc\u00dfe\"", "Gr\u00fc\u00dfe")]
    [InlineData("\"\"", "")]
    [InlineData("42", "42")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("0.1", "0.1")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("null", "null")]
    [InlineData("[]", "[]")]
    [InlineData("[1,\"two\",[null]]", "[1,\"two\",[null]]")]
    [InlineData("{\"sku\":4711,\"tags\":[\"a\"]}", "{\"sku\":4711,\"tags\":[\"a\"]}")]
    public async Task Value_OfPhp_IsReadByAspNet(string json, string text)
    {
        using var php = new PhpBrowser(_site!);
        await php.SetJsonAsync("value", json);

        using Browser browser = JoinAspNet(php);

        Assert.Equal(text, (await browser.GetAsync())["value"]);
    }

    [Theory]
    [InlineData("\"Gr\u00fc\u00dfe\"")]
    [InlineData("42")]
    [InlineData("0.1")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1,\"two\",[null]]")]
    [InlineData("{\"sku\":4711,\"tags\":[\"a\"]}")]
    public async Task Value_OfAspNet_IsReadByPhpAndKeptByItsWriting(string json)
    {
        using var browser = new Browser(store.AspNet);
        using HttpResponseMessage response = await browser.SendAsync(
            HttpMethod.Put, "/api/session/entries/value", new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
        Assert.True(response.IsSuccessStatusCode);

        using PhpBrowser php = JoinPhp(browser);
        await php.SetAsync("other", "value");

        JsonElement value = (await php.ReadAsync()).Entries["value"];
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, value), value.GetRawText());
        Assert.Equal("value", (await browser.GetAsync())["other"]);
    }

    [Fact]
    public async Task Session_BegunByAspNet_IsTakenByPhpInStrictModeUnderItsId()
    {
        using var browser = new Browser(store.AspNet);
        await browser.PutAsync("text", "from .NET");

        using PhpBrowser php = JoinPhp(browser);
        PhpAnswer answer = await php.ReadAsync();

        Assert.Equal(browser.Token, answer.Id);
        Assert.Equal("\"from .NET\"", answer["text"]);
    }

    [Fact]
    public async Task Counter_IncrementedByBothInTurns_CountsEach()
    {
        using var php = new PhpBrowser(_site!);
        await php.IncrementAsync("count");
        using Browser browser = JoinAspNet(php);

        for (int i = 2; i <= 10; i += 2)
        {
            Assert.Equal(i, await browser.IncrementAsync("count"));
            Assert.Equal($"{i + 1}", (await php.IncrementAsync("count"))["count"]);
        }
    }

    [Fact]
    public async Task Entries_WrittenByBothInParallel_AreAllThere()
    {
        const int count = 50;
        using var php = new PhpBrowser(_site!);
        await php.SetAsync("first", "1");
        using Browser browser = JoinAspNet(php);

        await Task.WhenAll(Enumerable.Range(0, count).SelectMany(i => new Task[]
        {
            php.AskAsync("set", $"&name=php-{i}&value={i}&pause=10"),
            browser.PutAsync($"net-{i}", $"{i}"),
        }));

        PhpAnswer answer = await php.ReadAsync();
        SessionView view = await browser.GetAsync();
        Assert.All(Enumerable.Range(0, count).SelectMany(i => new[] { ($"php-{i}", i), ($"net-{i}", i) }), entry =>
        {
            Assert.Equal($"\"{entry.i}\"", answer[entry.Item1]);
            Assert.Equal($"{entry.i}", view[entry.Item1]);
        });
    }

    [Fact]
    public async Task Entry_RemovedByOne_IsGoneForTheOther()
    {
        using var php = new PhpBrowser(_site!);
        await php.SetAsync("a", "1");
        await php.SetAsync("b", "2");
        using Browser browser = JoinAspNet(php);

        await php.UnsetAsync("a");
        Assert.Equal(["b"], (await browser.GetAsync()).Entries!.Keys);
        using HttpResponseMessage removed = await browser.SendAsync(HttpMethod.Delete, "/api/session/entries/b");
        Assert.Empty((await php.ReadAsync()).Entries);
    }

    [Fact]
    public async Task Object_OfPhp_StaysWholeWhenAspNetWrites()
    {
        using var php = new PhpBrowser(_site!);
        await php.AskAsync("set-object", "&name=object");
        using Browser browser = JoinAspNet(php);

        await browser.PutAsync("other", "value");
        Assert.Contains("ArrayObject", (await browser.GetAsync())["object"]);
        using HttpResponseMessage response = await php.TryAskAsync("is-object", "&name=object");

        Assert.Equal("true", Assert.Single(response.Headers.GetValues("X-Is-Object")));
    }

    [Fact]
    public async Task Session_EndedByOne_IsEndedForTheOther()
    {
        using var php = new PhpBrowser(_site!);
        await php.SetAsync("name", "value");
        using Browser browser = JoinAspNet(php);
        using Browser holder = browser.Clone();
        await php.DestroyAsync();
        Assert.Null((await holder.GetAsync()).Id);

        using var second = new Browser(store.AspNet);
        await second.PutAsync("name", "value");
        using PhpBrowser joined = JoinPhp(second);
        await second.DeleteAsync();
        Assert.Empty((await joined.ReadAsync()).Entries);
    }

    [Fact]
    public async Task Session_GivenAnotherIdByOne_IsUnderItForTheOther()
    {
        using var php = new PhpBrowser(_site!);
        await php.SetAsync("name", "value");
        await php.RegenerateAsync(delete: true);
        using Browser browser = JoinAspNet(php);
        Assert.Equal("value", (await browser.GetAsync())["name"]);

        await browser.RotateAsync();

        Assert.NotEqual(php.SessionId, browser.Token);
        using PhpBrowser joined = JoinPhp(browser);
        Assert.Equal("\"value\"", (await joined.ReadAsync())["name"]);
        Assert.Empty((await php.ReadAsync()).Entries);
    }

    [Fact]
    public async Task GcMaxlifetime_OfPhp_IsWhenTheSessionEndsForAspNetToo()
    {
        using var php = new PhpBrowser(_site!);
        await php.SetAsync("name", "value");
        using Browser browser = JoinAspNet(php);

        SessionView view = await browser.GetAsync();

        Assert.InRange((view.ExpiresAt!.Value - DateTimeOffset.UtcNow).TotalSeconds, 990, 1001);
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    private Browser JoinAspNet(PhpBrowser php)
    {
        var browser = new Browser(store.AspNet);
        browser.SetCookie(PhpBrowser.CookieName, php.SessionId!);
        return browser;
    }

    private PhpBrowser JoinPhp(Browser browser) => new(_site!) { SessionId = browser.Token };
}
