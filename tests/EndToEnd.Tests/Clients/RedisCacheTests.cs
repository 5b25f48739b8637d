using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>ASP.NET Core's own RedisCache, directly and below the stock session middleware.</summary>
[Collection(typeof(RespCollection))]
public sealed class RedisCacheTests(RespCluster cluster)
{
    /// <summary>Protects the cookie; all servers must share it.</summary>
    private static readonly IDataProtectionProvider Protection = new EphemeralDataProtectionProvider();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cache_SetGetRefreshRemove_IsThatOfRedis()
    {
        using var cache = new RedisCache(new RedisCacheOptions { Configuration = cluster.Address, InstanceName = "cache:" });
        string key = Guid.NewGuid().ToString("N");
        byte[] value = [0, 1, 255, 13, 10];
        Assert.Null(await cache.GetAsync(key, Cancellation));
        await cache.SetAsync(
            key,
            value,
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(20), AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(2) },
            Cancellation);
        Assert.Equal(value, await cache.GetAsync(key, Cancellation));
        await cache.RefreshAsync(key, Cancellation);

        await using ConnectionMultiplexer multiplexer = await PatientRedis.ConnectAsync(cluster.Address);
        TimeSpan? left = await multiplexer.GetDatabase().KeyTimeToLiveAsync("cache:" + key);
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));

        await cache.SetAsync(key, [7], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) }, Cancellation);
        Assert.Equal([7], await cache.GetAsync(key, Cancellation));
        await cache.RemoveAsync(key, Cancellation);
        Assert.Null(await cache.GetAsync(key, Cancellation));
    }

    [Fact]
    public async Task StockSession_OfTwoServers_IsOneSession()
    {
        await using WebApplication first = await StartAsync(cluster.Address);
        await using WebApplication second = await StartAsync(cluster.Address);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
        Assert.Equal("1", await browser.GetStringAsync(new Uri(first.Urls.Single()), Cancellation));
        Assert.Equal("2", await browser.GetStringAsync(new Uri(second.Urls.Single()), Cancellation));
        Assert.Equal("3", await browser.GetStringAsync(new Uri(first.Urls.Single()), Cancellation));
    }

    [Fact]
    public async Task StockSession_OfTheOldRedis_GoesOnInTheCluster()
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
        await using (WebApplication before = await StartAsync(cluster.OldRedis))
        {
            Assert.Equal("1", await browser.GetStringAsync(new Uri(before.Urls.Single()), Cancellation));
        }

        await using WebApplication after = await StartAsync(cluster.Address);
        Assert.Equal("2", await browser.GetStringAsync(new Uri(after.Urls.Single()), Cancellation));
        Assert.Equal("3", await browser.GetStringAsync(new Uri(after.Urls.Single()), Cancellation));

        await using ConnectionMultiplexer old = await PatientRedis.ConnectAsync(cluster.OldRedis);
        RedisKey[] keys = [.. old.GetServers().Single().Keys(pattern: "*stock:*")];
        Assert.StartsWith("taken-over:stock:", Assert.Single(keys).ToString());
    }

    /// <summary>Starts an application with the framework's own session that counts its requests.</summary>
    private static async Task<WebApplication> StartAsync(string redis)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddStackExchangeRedisCache(options =>
        {
            options.Configuration = redis;
            options.InstanceName = "stock:";
        });
        builder.Services.AddSingleton(Protection);
        builder.Services.AddSession();
        WebApplication app = builder.Build();
        app.UseSession();
        app.MapGet("/", static (HttpContext context) =>
        {
            int count = (context.Session.GetInt32("count") ?? 0) + 1;
            context.Session.SetInt32("count", count);
            return $"{count}";
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
