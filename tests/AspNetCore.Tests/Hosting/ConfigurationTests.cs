using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Hosting;

/// <summary>The three ways to configure: configuration, code, and direct use of the grain.</summary>
public sealed class ConfigurationTests(SessionCluster cluster)
{
    [Fact]
    public async Task Settings_OfAJsonFile_AreUsed()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(
            file,
            """
            { "Sessions": { "IdleTimeout": "01:30:00", "AbsoluteLifetime": "2.00:00:00", "Namespace": "shop", "Cookie": { "Name": "shop-session", "SameSite": "Strict" } } }
            """,
            TestContext.Current.CancellationToken);
        try
        {
            await using Lab lab = await Lab.StartAsync(cluster.Grains, builder => builder.Configuration.AddJsonFile(file));
            using Browser browser = lab.NewBrowser();
            browser.CookieName = "shop-session";

            using HttpResponseMessage response = await lab.SendAsync(browser, context =>
            {
                context.Session.SetString("a", "1");
                return Task.CompletedTask;
            });

            SetCookieHeaderValue cookie = Assert.Single(response.SetCookies());
            Assert.Equal("shop-session", cookie.Name.Value);
            Assert.Equal(Microsoft.Net.Http.Headers.SameSiteMode.Strict, cookie.SameSite);
            SessionCommit commit = Assert.Single(lab.Grains.Commits);
            Assert.Equal(TimeSpan.FromMinutes(90), commit.NewSession.IdleTimeout);
            Assert.Equal(TimeSpan.FromDays(2), commit.NewSession.AbsoluteLifetime);
            Assert.True(SessionToken.TryParse(browser.Token, out SessionToken token));
            Assert.Equal(SessionKey.For("shop", token).Value, Assert.Single(lab.Grains.Calls).Key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Settings_OfTheEnvironment_AreUsed()
    {
        string prefix = $"TEST_{Guid.NewGuid():N}_";
        Dictionary<string, string> variables = new()
        {
            ["Sessions__IdleTimeout"] = "00:45:00",
            ["Sessions__IOTimeout"] = "00:00:05",
            ["Sessions__Cookie__Name"] = "from-environment",
            ["Sessions__Cookie__SecurePolicy"] = "SameAsRequest",
            ["ConnectionStrings__Redis"] = "rediss://user:secret@redis.example:6390/2",
            ["SessionCluster__ClusterId"] = "cluster-from-environment",
        };
        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(prefix + name, value);
        }

        try
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Configuration.AddEnvironmentVariables(prefix);
            builder.AddOrleansSessionsClient();
            builder.Services.AddOrleansSessions();
            await using ServiceProvider services = builder.Services.BuildServiceProvider();

            OrleansSessionOptions options = services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value;
            Assert.Equal(TimeSpan.FromMinutes(45), options.IdleTimeout);
            Assert.Equal(TimeSpan.FromSeconds(5), options.IOTimeout);
            Assert.Equal("from-environment", options.Cookie.EffectiveName);
            Assert.Equal(CookieSecurePolicy.SameAsRequest, options.Cookie.SecurePolicy);
            Assert.Equal("cluster-from-environment", services.GetRequiredService<IOptions<Orleans.Configuration.ClusterOptions>>().Value.ClusterId);
            ConfigurationOptions redis = services.GetRequiredService<RedisConnection>().Configuration;
            Assert.True(redis.Ssl);
            Assert.Equal(2, redis.DefaultDatabase);
            Assert.Equal("redis.example:6390/2", services.GetRequiredService<RedisConnection>().Address);
        }
        finally
        {
            foreach (string name in variables.Keys)
            {
                Environment.SetEnvironmentVariable(prefix + name, null);
            }
        }
    }

    [Fact]
    public async Task Settings_OfCode_WinOverConfiguration()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains, builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("Sessions:IdleTimeout", "00:05:00"), new("Sessions:Cookie:Name", "configured")]);
            builder.Services.AddOrleansSessions(options => options.IdleTimeout = TimeSpan.FromHours(3));
        });
        using Browser browser = lab.NewBrowser();
        browser.CookieName = "configured";

        await lab.RunAsync(browser, session => session.SetString("a", "1"));

        Assert.NotNull(browser.Token);
        Assert.Equal(TimeSpan.FromHours(3), await lab.AskAsync(browser, session => session.IdleTimeout));
    }

    [Fact]
    public async Task Settings_OfARequest_WinOverCode()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains, builder =>
            builder.Services.AddOrleansSessions(options => options.IdleTimeout = TimeSpan.FromHours(3)));
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "1");
            session.IdleTimeout = TimeSpan.FromDays(14);
        });

        Assert.Equal(TimeSpan.FromDays(14), await lab.AskAsync(browser, session => session.IdleTimeout));
    }

    [Fact]
    public async Task OwnCode_OnTheGrain_SharesTheSession()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        string id = await lab.AskAsync(browser, session => session.Id);

        var grain = cluster.Grains.GetGrain<ISessionGrain>(id);
        SessionDescription session = (await UnansweredCalls.RepeatAsync(grain.DescribeAsync))!;
        var commit = new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            BasedOn = session.Incarnation,
            Changes = [SessionChange.Set("from elsewhere", "hello"u8.ToArray())],
        };
        CommitResult result = await UnansweredCalls.RepeatAsync(() => grain.CommitAsync(commit));

        Assert.Equal(CommitOutcome.Applied, result.Outcome);
        Assert.Equal("hello", await lab.AskAsync(browser, session => session.GetString("from elsewhere")));
    }

    [Fact]
    public async Task OwnCode_OnATokenOfItsOwn_NeedsNoHttpContext()
    {
        SessionToken token = SessionToken.Create();
        var grain = cluster.Grains.GetGrain<ISessionGrain>(SessionKey.For("own-door", token).Value);

        var commit = new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Add("n", 5)] };
        CommitResult result = await UnansweredCalls.RepeatAsync(() => grain.CommitAsync(commit));

        Assert.Equal(5, Assert.Single(result.Numbers));
    }

    [Fact]
    public async Task Namespaces_KeepTheSameTokenApart()
    {
        await using Lab shop = await Lab.StartAsync(cluster.Grains, builder => builder.Services.AddOrleansSessions(options => options.Namespace = "shop"));
        await using Lab forum = await Lab.StartAsync(cluster.Grains, builder => builder.Services.AddOrleansSessions(options => options.Namespace = "forum"));
        using Browser shopper = await shop.NewSessionAsync();
        using Browser writer = forum.NewBrowser();
        writer.Token = shopper.Token;

        Assert.False(await forum.AskAsync(writer, session => session.Exists));
    }

    [Fact]
    public void Pipeline_WithoutTheServices_SaysWhatIsMissing()
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());

        var exception = Assert.Throws<InvalidOperationException>(() => app.UseOrleansSessions());

        Assert.Contains("AddOrleansSessions", exception.Message, StringComparison.Ordinal);
    }
}
