using Microsoft.AspNetCore.DataProtection;
using OrleansSessions.AspNetCore;
using OrleansSessions.Bench.App.Counting;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Hosting;
using StackExchange.Redis;

namespace OrleansSessions.Bench.App.Hosting;

/// <summary>Registration of the session back end, as each one's documentation recommends.</summary>
internal static class BackEndExtensions
{
    /// <summary>Name of the session cookie in all stacks.</summary>
    public const string CookieName = "bench";

    public static void AddBackEnd(this WebApplicationBuilder builder, SessionBackEnd backEnd)
    {
        IServiceCollection services = builder.Services;
        if (UsesStockMiddleware(backEnd))
        {
            services.AddSession(session => session.Cookie.Name = CookieName);

            // The stock middleware protects its cookie with these keys, so frontends that share sessions must share them.
            services.AddDataProtection()
                .SetApplicationName(CookieName)
                .PersistKeysToFileSystem(new DirectoryInfo(builder.Configuration["Bench:Keys"] ?? "keys"));
        }

        if (backEnd is SessionBackEnd.RedisCache or SessionBackEnd.RedisCacheOnThreadPool)
        {
            var options = ConfigurationOptions.Parse(builder.Configuration.GetConnectionString("Redis")!);
            options.SocketManager = backEnd == SessionBackEnd.RedisCache ? null : SocketManager.ThreadPool;
            services.AddStackExchangeRedisCache(redis => redis.ConfigurationOptions = options);
            return;
        }

        if (backEnd == SessionBackEnd.CoHost)
        {
            builder.AddSessionCluster();
            services.AddSingleton<GrainCallCounter>();
        }
        else
        {
            builder.AddOrleansSessionsClient();
        }

        services.AddOrleansSessions(sessions =>
        {
            sessions.Cookie.Name = CookieName;
            sessions.Cookie.SecurePolicy = CookieSecurePolicy.None;

            // The users are made up; the same key on all frontends is all that they need.
            sessions.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]);
        });
    }

    public static void UseBackEnd(this WebApplication app, SessionBackEnd backEnd)
    {
        if (UsesStockMiddleware(backEnd))
        {
            app.UseSession();
        }
        else
        {
            app.UseOrleansSessions();
        }
    }

    private static bool UsesStockMiddleware(SessionBackEnd backEnd) =>
        backEnd is SessionBackEnd.RedisCache or SessionBackEnd.RedisCacheOnThreadPool or SessionBackEnd.Store;
}
