using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Browsers whose session was in Redis before the application moved to the cluster.</summary>
public sealed class BrowserImportTests(SessionCluster cluster) : IAsyncLifetime
{
    private const string StockCookie = ".AspNetCore.Session";

    private readonly EmbeddedStore _old = EmbeddedStore.Start();
    private readonly EphemeralDataProtectionProvider _protection = new();
    private ConnectionMultiplexer? _connection;

    private IDatabase Old => _connection!.GetDatabase();

    public async ValueTask InitializeAsync() => _connection = await ConnectionMultiplexer.ConnectAsync(_old.ConnectionString);

    [Fact]
    public async Task Session_OfTheStockMiddleware_GoesOnUnderItsCookie()
    {
        await using WebApplication stock = await StartStockAsync();
        string cookie = await StoreInStockAsync(stock);
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = lab.NewBrowser();
        browser.CookieName = StockCookie;
        browser.Token = cookie;

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("Ada", session.GetString("user"));
            Assert.Equal(7, session.GetInt32("n"));
            Assert.Equal(TimeSpan.FromMinutes(33), session.IdleTimeout);
            session.SetString("user", "Grace");
        });

        Assert.Equal(cookie, browser.Token);
        Assert.Equal("Grace", await lab.AskAsync(browser, session => session.GetString("user")));
        RedisKey[] keys = [.. _connection!.GetServers()[0].Keys()];
        Assert.StartsWith("taken-over:web:", Assert.Single(keys).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndedAfterItWasTakenOver_DoesNotComeBack()
    {
        await using WebApplication stock = await StartStockAsync();
        string cookie = await StoreInStockAsync(stock);
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = lab.NewBrowser();
        browser.CookieName = StockCookie;
        browser.Token = cookie;
        await lab.RunAsync(browser, session => session.DestroyAsync());

        browser.Token = cookie;

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
    }

    [Theory]
    [InlineData("user|s:3:\"Ada\";n|i:7;")]
    [InlineData("a:2:{s:4:\"user\";s:3:\"Ada\";s:1:\"n\";i:7;}")]
    public async Task Session_OfPhp_GoesOnUnderItsId(string payload)
    {
        string token = SessionToken.CreateWithoutSecret().Value;
        await Old.StringSetAsync("PHPREDIS_SESSION:" + token, payload, TimeSpan.FromSeconds(1_000));
        await using Lab lab = await StartAsync("PHPREDIS_SESSION:", "PHPSESSID");
        using Browser browser = lab.NewBrowser();
        browser.CookieName = "PHPSESSID";
        browser.Token = token;

        Assert.Equal("Ada 7", await lab.AskAsync(browser, session => $"{session.GetString("user")} {session.GetInt32("n")}"));
        Assert.False(await Old.KeyExistsAsync("PHPREDIS_SESSION:" + token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AgAAAQ==")]
    [InlineData("AgAAAQAAAAAAAAAAAAAAAAAAAAAABXVzZXI=")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Session_OfOtherBytes_IsLeftWhereItIs(string data)
    {
        string token = SessionToken.CreateWithoutSecret().Value;
        await Old.HashSetAsync("web:" + token, [new("data", Convert.FromBase64String(data)), new("sldexp", -1)]);
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = NewBrowser(lab, StockCookie, Protect(token));

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
        Assert.True(await Old.KeyExistsAsync("web:" + token));
    }

    /// <summary>Redis keys appear in its logs and dumps; knowing one must not give access to the session.</summary>
    [Fact]
    public async Task StockKey_WithoutItsProtection_OpensNothing()
    {
        await using WebApplication stock = await StartStockAsync();
        await StoreInStockAsync(stock);
        string key = Assert.Single(_connection!.GetServers()[0].Keys()).ToString();
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = NewBrowser(lab, StockCookie, key["web:".Length..]);

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
        Assert.True(await Old.KeyExistsAsync(key));
    }

    [Fact]
    public async Task Session_OfTheStockMiddleware_GoesOnInTheDropIn()
    {
        await using WebApplication stock = await StartStockAsync();
        string cookie = await StoreInStockAsync(stock);
        await using TestApp app = await TestApp.StartAsync(
            cluster.Grains,
            app =>
            {
                app.UseRouting();
                app.UseSession();
                app.MapSessionEndpoints();
            },
            builder =>
            {
                Configure(builder, "web:", StockCookie);
                builder.Services.AddSession();
            });
        using Browser browser = app.NewBrowser();
        browser.CookieName = StockCookie;
        browser.Token = cookie;

        Assert.Equal("Ada", await browser.GetTextAsync("/get/user"));
    }

    [Fact]
    public async Task Session_OfPhp_HasTheLifetimeOfANewSessionAndNotTheTimeThatItHadLeft()
    {
        string token = await StorePhpAsync(TimeSpan.FromSeconds(100));
        await using Lab lab = await StartAsync("PHPREDIS_SESSION:", "PHPSESSID");
        using Browser browser = NewBrowser(lab, "PHPSESSID", token);

        Assert.Equal(TimeSpan.FromMinutes(17), await lab.AskAsync(browser, session => session.IdleTimeout));
        Assert.InRange(
            await lab.AskAsync(browser, session => session.ExpiresAt!.Value - session.CreatedAt!.Value), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(16));
    }

    /// <summary>The key is renamed first, so a session is never live in both: however it ends in the cluster, it can't come back.</summary>
    [Fact]
    public async Task Session_WhenItReachesTheCluster_HasNoLiveKeyAnyMore()
    {
        string token = await StorePhpAsync(TimeSpan.FromSeconds(100));
        await using Lab lab = await StartAsync("PHPREDIS_SESSION:", "PHPSESSID");
        using Browser browser = NewBrowser(lab, "PHPSESSID", token);
        bool? wasLive = null;
        lab.Grains.EndOnce(nameof(ISessionGrain.CommitAsync), async () =>
        {
            wasLive = await Old.KeyExistsAsync("PHPREDIS_SESSION:" + token);
            throw new SessionUnavailableException("The silo is gone.");
        });

        using HttpResponseMessage response = await lab.SendAsync(browser, context => Task.FromResult(context.Session.GetString("user")));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (int)response.StatusCode);
        Assert.False(wasLive);
        Assert.Equal("Ada", await lab.AskAsync(browser, session => session.GetString("user")));
    }

    /// <summary>A web server that still writes to the old Redis recreates a live key while the cluster has the session.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_EndedOrRotatedWhileTheOldKeyIsBack_TakesItWithIt(bool rotates)
    {
        string token = await StorePhpAsync(TimeSpan.FromSeconds(1_000));
        await using Lab lab = await StartAsync("PHPREDIS_SESSION:", "PHPSESSID");
        using Browser browser = NewBrowser(lab, "PHPSESSID", token);
        await lab.AskAsync(browser, session => session.Exists);
        await Old.StringSetAsync("PHPREDIS_SESSION:" + token, "user|s:3:\"Ada\";", TimeSpan.FromSeconds(1_000));

        await lab.RunAsync(browser, session => rotates ? session.RotateAsync() : session.DestroyAsync());

        Assert.False(await Old.KeyExistsAsync("PHPREDIS_SESSION:" + token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_WhoseEndTheOldRedisDoesNotHearOf_LivesOn(bool rotates)
    {
        string token = await StorePhpAsync(TimeSpan.FromSeconds(1_000));
        await using Lab lab = await StartAsync("PHPREDIS_SESSION:", "PHPSESSID");
        using Browser browser = NewBrowser(lab, "PHPSESSID", token);
        await lab.AskAsync(browser, session => session.Exists);
        _old.Dispose();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
            rotates ? context.GetOrleansSession().RotateAsync() : context.GetOrleansSession().DestroyAsync());

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (int)response.StatusCode);
        Assert.Equal("Ada", await lab.AskAsync(browser, session => session.GetString("user")));
    }

    [Fact]
    public async Task OldRedis_Away_Is503AndNotALogout()
    {
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = NewBrowser(lab, StockCookie, SessionToken.CreateWithoutSecret().Value);
        _old.Dispose();

        using HttpResponseMessage response = await lab.SendAsync(browser, context => Task.FromResult(context.Session.GetString("user")));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (int)response.StatusCode);
    }

    [Fact]
    public async Task OldRedis_AwayTwice_IsLoggedTwiceHoweverManyAskForIt()
    {
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = NewBrowser(lab, StockCookie, SessionToken.CreateWithoutSecret().Value);
        _old.Dispose();
        await AskInVainAsync(times: 3);
        Assert.Single(Outages());

        using (EmbeddedStore.Start(_old.Port))
        {
            await AskUntilAnsweredAsync();
            Assert.Contains(lab.Logs.Records, record => record.Text.Contains("answers again", StringComparison.Ordinal));
        }

        await AskInVainAsync(times: 3);

        Assert.Equal(2, Outages().Count());
        Assert.DoesNotContain(lab.Logs.Records, record => record.Text.Contains(browser.Token!, StringComparison.Ordinal));

        IEnumerable<LogRecord> Outages() => lab.Logs.Records.Where(record => record.Text.Contains("A command to the old Redis at", StringComparison.Ordinal));

        async Task AskInVainAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using HttpResponseMessage response = await AskAsync();
                Assert.Equal(StatusCodes.Status503ServiceUnavailable, (int)response.StatusCode);
            }
        }

        async Task AskUntilAnsweredAsync()
        {
            while ((await AskAsync()).StatusCode != System.Net.HttpStatusCode.OK)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        Task<HttpResponseMessage> AskAsync() => lab.SendAsync(browser, context => Task.FromResult(context.Session.GetString("user")));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        _old.Dispose();
    }

    private static Browser NewBrowser(Lab lab, string cookie, string token)
    {
        Browser browser = lab.NewBrowser();
        browser.CookieName = cookie;
        browser.Token = token;
        return browser;
    }

    private Task<Lab> StartAsync(string prefix, string cookie) => Lab.StartAsync(cluster.Grains, builder => Configure(builder, prefix, cookie));

    private void Configure(WebApplicationBuilder builder, string prefix, string cookie)
    {
        builder.Services.AddSingleton<IDataProtectionProvider>(_protection);
        builder.Services.AddOrleansSessions(options =>
        {
            options.ImportFrom = _old.ConnectionString;
            options.ImportPrefix = prefix;
            options.Namespace = prefix;
            options.Cookie.Name = cookie;
            options.IdleTimeout = TimeSpan.FromMinutes(17);
            options.AbsoluteLifetime = TimeSpan.FromMinutes(15.5);
        });
    }

    /// <summary>Encrypts a session key into a cookie like the stock middleware.</summary>
    private string Protect(string key) => Convert.ToBase64String(_protection.CreateProtector("SessionMiddleware").Protect(Encoding.UTF8.GetBytes(key))).TrimEnd('=');

    /// <summary>Creates a PHP session; returns its id.</summary>
    private async Task<string> StorePhpAsync(TimeSpan left)
    {
        string token = SessionToken.CreateWithoutSecret().Value;
        await Old.StringSetAsync("PHPREDIS_SESSION:" + token, "user|s:3:\"Ada\";", left);
        return token;
    }

    private async Task<WebApplication> StartStockAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<IDataProtectionProvider>(_protection);
        builder.Services.AddStackExchangeRedisCache(options =>
        {
            options.Configuration = _old.ConnectionString;
            options.InstanceName = "web:";
        });
        builder.Services.AddSession(static options => options.IdleTimeout = TimeSpan.FromMinutes(33));
        WebApplication app = builder.Build();
        app.UseSession();
        app.MapGet("/", static (HttpContext context) =>
        {
            context.Session.SetString("user", "Ada");
            context.Session.SetInt32("n", 7);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>Creates a session; returns its cookie.</summary>
    private static async Task<string> StoreInStockAsync(WebApplication stock)
    {
        using HttpResponseMessage response = await stock.GetTestClient().GetAsync(new Uri("/", UriKind.Relative));
        return response.SetCookies().Single(cookie => cookie.Name == StockCookie).Value.ToString();
    }
}
