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

namespace OrleansSessions.AspNetCore.Tests.TakeOver;

/// <summary>Browsers whose session was in a Redis before the application moved to the cluster.</summary>
public sealed class OldSessionsTests(SessionCluster cluster) : IAsyncLifetime
{
    private const string StockCookie = ".AspNetCore.Session";

    private readonly TestStore _old = TestStore.Start();
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
        string token = SessionToken.Create().Value;
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
        string token = SessionToken.Create().Value;
        await Old.HashSetAsync("web:" + token, [new("data", Convert.FromBase64String(data)), new("sldexp", -1)]);
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = lab.NewBrowser();
        browser.CookieName = StockCookie;
        browser.Token = token;

        Assert.False(await lab.AskAsync(browser, session => session.Exists));
        Assert.True(await Old.KeyExistsAsync("web:" + token));
    }

    [Fact]
    public async Task OldRedis_Away_Is503AndNotALogout()
    {
        await using Lab lab = await StartAsync("web:", StockCookie);
        using Browser browser = lab.NewBrowser();
        browser.CookieName = StockCookie;
        browser.Token = SessionToken.Create().Value;
        _old.Dispose();

        using HttpResponseMessage response = await lab.SendAsync(browser, context => Task.FromResult(context.Session.GetString("user")));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (int)response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        _old.Dispose();
    }

    private Task<Lab> StartAsync(string prefix, string cookie) => Lab.StartAsync(cluster.Grains, builder =>
    {
        builder.Services.AddSingleton<IDataProtectionProvider>(_protection);
        builder.Services.AddOrleansSessions(options =>
        {
            options.ImportFrom = _old.ConnectionString;
            options.ImportPrefix = prefix;
            options.Namespace = prefix;
            options.Cookie.Name = cookie;
        });
    });

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

    /// <summary>Makes a session; its cookie.</summary>
    private static async Task<string> StoreInStockAsync(WebApplication stock)
    {
        using HttpResponseMessage response = await stock.GetTestClient().GetAsync(new Uri("/", UriKind.Relative));
        return response.SetCookies().Single(cookie => cookie.Name == StockCookie).Value.ToString();
    }
}
