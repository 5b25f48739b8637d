using System.Text.Json;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Unchanged scripts on two servers, configured in each of the three ways, on any store.</summary>
public abstract class PhpSessionTests(PhpStore store) : IAsyncLifetime
{
    private readonly Dictionary<PhpWay, PhpSite> _sites = [];

    public ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.IniSet)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task Session_WrittenOnOneServer_IsReadOnTheOther(PhpWay way)
    {
        using PhpBrowser browser = await BrowseAsync(way);
        for (int i = 1; i <= 6; i++)
        {
            PhpAnswer written = await browser.IncrementAsync("count");
            PhpAnswer read = await browser.ReadAsync();

            Assert.Equal($"{i}", read["count"]);
            Assert.Equal(written.Id, read.Id);
            Assert.NotEqual(written.Server, read.Server);
        }
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.IniSet)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task Session_Regenerated_KeepsItsEntriesAndTheOldIdIsGone(PhpWay way)
    {
        using PhpBrowser browser = await BrowseAsync(way);
        await browser.SetAsync("name", "value");
        using PhpBrowser holderOfTheOldId = browser.Clone();

        PhpAnswer anew = await browser.RegenerateAsync(delete: true);

        Assert.NotEqual(holderOfTheOldId.SessionId, browser.SessionId);
        Assert.Equal(browser.SessionId, anew.Id);
        Assert.Equal("\"value\"", (await browser.ReadAsync())["name"]);
        Assert.Empty((await holderOfTheOldId.ReadAsync()).Entries);
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.IniSet)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task Session_RegeneratedKeepingTheOldId_IsUnderBothAndTheyDiverge(PhpWay way)
    {
        using PhpBrowser browser = await BrowseAsync(way);
        await browser.SetAsync("name", "value");
        using PhpBrowser holderOfTheOldId = browser.Clone();

        await browser.RegenerateAsync(delete: false);
        await browser.SetAsync("name", "other");

        Assert.Equal("\"other\"", (await browser.ReadAsync())["name"]);
        Assert.Equal("\"value\"", (await holderOfTheOldId.ReadAsync())["name"]);
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.IniSet)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task Session_Destroyed_IsGoneOnBothServersForEveryHolderOfItsId(PhpWay way)
    {
        using PhpBrowser browser = await BrowseAsync(way);
        await browser.SetAsync("name", "value");
        using PhpBrowser other = browser.Clone();

        await browser.DestroyAsync();

        Assert.Empty((await other.ReadAsync()).Entries);
        Assert.Empty((await other.ReadAsync()).Entries);
        Assert.Equal("1", (await browser.IncrementAsync("count"))["count"]);
    }

    [Theory]
    [InlineData(PhpWay.PhpIni)]
    [InlineData(PhpWay.HandlerClass)]
    public async Task Entries_OfEveryKind_ComeBackInTheirOrder(PhpWay way)
    {
        using PhpBrowser browser = await BrowseAsync(way);
        (string Name, string Json)[] entries =
        [
            ("zero", "0"), ("text", "\"Gr\u00fc\u00dfe | ; } \\u0000 \ud83d\ude00\""), ("empty", "\"\""), ("negative", "-9223372036854775808"), ("fraction", "0.1"),
            ("yes", "true"), ("no", "false"), ("nothing", "null"), ("list", "[1,\"two\",[3.5,null]]"), ("map", "{\"b\":1,\"a\":{\"7\":[]}}"),
            ("alpha", "\"last\""),
        ];

        foreach ((string name, string json) in entries)
        {
            await browser.SetJsonAsync(name, json);
        }

        PhpAnswer answer = await browser.ReadAsync();
        Assert.Equal(entries.Select(entry => entry.Name), answer.Entries.Keys);
        Assert.All(entries, entry => Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(entry.Json).RootElement, answer.Entries[entry.Name]), $"{entry.Name}: {answer[entry.Name]}"));
    }

    [Fact]
    public async Task Entry_ThatIsAnObject_RoundTripsUnchanged()
    {
        using PhpBrowser browser = await BrowseAsync(PhpWay.PhpIni);
        await browser.AskAsync("set-object", "&name=object");
        await browser.SetAsync("other", "value");

        using HttpResponseMessage response = await browser.TryAskAsync("is-object", "&name=object");

        Assert.Equal("true", Assert.Single(response.Headers.GetValues("X-Is-Object")));
    }

    [Fact]
    public async Task Entry_Unset_IsGoneAndTheOthersStay()
    {
        using PhpBrowser browser = await BrowseAsync(PhpWay.PhpIni);
        await browser.SetAsync("a", "1");
        await browser.SetAsync("b", "2");
        await browser.SetAsync("c", "3");

        await browser.UnsetAsync("b");

        Assert.Equal(["a", "c"], (await browser.ReadAsync()).Entries.Keys);
    }

    [Fact]
    public async Task Key_OfASession_HoldsPhpsOwnText()
    {
        using PhpBrowser browser = await BrowseAsync(PhpWay.PhpIni);
        await browser.SetAsync("sex", "Hello");
        await browser.IncrementAsync("n");

        IDatabase database = store.Connection.GetDatabase();
        string key = $"PHPREDIS_SESSION:{browser.SessionId}";

        Assert.Equal("sex|s:5:\"Hello\";n|i:1;", await database.StringGetAsync(key));
        await browser.DestroyAsync();
        Assert.False(await database.KeyExistsAsync(key));
    }

    [Fact]
    public async Task Key_SetByAnAdministrator_IsTheSession()
    {
        using PhpBrowser browser = await BrowseAsync(PhpWay.PhpIni);
        await browser.SetAsync("name", "value");

        await store.Connection.GetDatabase().StringSetAsync($"PHPREDIS_SESSION:{browser.SessionId}", "name|s:5:\"other\";n|i:7;", TimeSpan.FromMinutes(1));

        PhpAnswer answer = await browser.ReadAsync();
        Assert.Equal("\"other\"", answer["name"]);
        Assert.Equal("7", answer["n"]);
    }

    [Fact]
    public async Task Page_OfTheSample_SetsRemovesAndEnds()
    {
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(store.Server), Repository.Source("samples/php/public"));
        using var browser = new PhpBrowser(site);

        Assert.Contains("<td>visits<td>1<td>", await browser.OpenAsync("/index.php"));
        Assert.Contains("<td>name<td>&quot;&lt;b&gt;&quot;<td>", await browser.SubmitAsync("/index.php", ("do", "set"), ("name", "name"), ("value", "<b>")));
        string? before = browser.SessionId;
        Assert.Contains("<td>visits<td>3<td>", await browser.SubmitAsync("/index.php", ("do", "regenerate")));
        Assert.NotEqual(before, browser.SessionId);
        Assert.DoesNotContain("<td>name<td>", await browser.SubmitAsync("/index.php", ("do", "remove"), ("name", "name")));
        Assert.Contains("<td>visits<td>1<td>", await browser.SubmitAsync("/index.php", ("do", "destroy")));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (PhpSite site in _sites.Values)
        {
            await site.DisposeAsync();
        }
    }

    private async Task<PhpBrowser> BrowseAsync(PhpWay way)
    {
        if (!_sites.TryGetValue(way, out PhpSite? site))
        {
            site = await PhpSite.StartAsync(new PhpSettings(store.Server) { Way = way });
            _sites.Add(way, site);
        }

        return new PhpBrowser(site);
    }
}
