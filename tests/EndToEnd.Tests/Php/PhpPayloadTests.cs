using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Unusual sessions on any store: empty, large, and ones that can't be split.</summary>
public abstract class PhpPayloadTests(PhpStore store) : IAsyncLifetime
{
    private PhpSite? _site;

    private protected PhpSite Site => _site!;

    private protected IDatabase Keys => store.Connection.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        PhpStore.RequireTools();
        _site = await PhpSite.StartAsync(new PhpSettings(store.Server)
        {
            Ini = new Dictionary<string, string> { ["session.gc_maxlifetime"] = "100", ["session.use_strict_mode"] = "1" },
        });
    }

    [Fact]
    public async Task Session_Emptied_ExistsAndIsFilledAgainUnderItsId()
    {
        using var browser = new PhpBrowser(Site);
        PhpAnswer first = await browser.SetAsync("name", "value");

        await browser.AskAsync("clear");

        Assert.Equal(string.Empty, await Keys.StringGetAsync(Key(browser)));
        Assert.InRange((await Keys.KeyTimeToLiveAsync(Key(browser)))!.Value.TotalSeconds, 90, 100);
        Assert.Empty((await browser.ReadAsync()).Entries);
        PhpAnswer again = await browser.SetAsync("other", "value");
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(["other"], (await browser.ReadAsync()).Entries.Keys);
    }

    [Fact]
    public async Task Session_NeverFilled_ExistsUnderItsId()
    {
        using var browser = new PhpBrowser(Site);

        PhpAnswer first = await browser.ReadAsync();
        PhpAnswer second = await browser.ReadAsync();

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(string.Empty, await Keys.StringGetAsync(Key(browser)));
    }

    [Fact]
    public async Task Session_ReadAndClosed_KeepsItsTime()
    {
        using var browser = new PhpBrowser(Site);
        await browser.SetAsync("name", "value");
        await Keys.KeyExpireAsync(Key(browser), TimeSpan.FromSeconds(50));

        PhpAnswer answer = await browser.AskAsync("peek");

        Assert.Equal("\"value\"", answer["name"]);
        Assert.InRange((await Keys.KeyTimeToLiveAsync(Key(browser)))!.Value.TotalSeconds, 40, 50);
    }

    [Fact]
    public async Task Session_OfManyEntriesOrOneLong_ComesBack()
    {
        using var browser = new PhpBrowser(Site);

        await browser.AskAsync("set-long", "&name=long&length=900000");
        foreach (int count in new[] { 900, 2000 })
        {
            await browser.AskAsync("set-many", $"&name=entry&count={count}");

            PhpAnswer answer = await browser.ReadAsync();
            Assert.Equal(1 + count, answer.Entries.Count);
            Assert.Equal(900_000, answer.Entries["long"].GetString()!.Length);
            Assert.Equal($"{count - 1}", answer[$"entry-{count - 1}"]);
        }
    }

    [Fact]
    public async Task Entries_ThatAreOneAndTheSame_StaySoUntilTheyAreGone()
    {
        using var browser = new PhpBrowser(Site);
        await browser.SetAsync("name", "value");
        await browser.AskAsync("set-same");

        await browser.AskAsync("change-same");
        PhpAnswer answer = await browser.ReadAsync();
        Assert.Equal(answer["a"], answer["b"]);
        Assert.Contains("2", answer["b"]);
        Assert.Equal("2", answer["d"]);
        Assert.Equal("\"value\"", answer["name"]);

        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            await browser.UnsetAsync(name);
        }

        Assert.Equal(["name"], (await browser.ReadAsync()).Entries.Keys);
        Assert.Equal("name|s:5:\"value\";", await Keys.StringGetAsync(Key(browser)));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    private protected static string Key(PhpBrowser browser) => $"PHPREDIS_SESSION:{browser.SessionId}";
}
