using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.Aspire.Hosting.Tests;

/// <summary>The app host of samples/aspire, started by Aspire's orchestrator.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_Started_SharesSessions_AndStopped_LeavesNoProcess()
    {
        Tools.Require(Tools.RedisServer);
        string redis;
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Cancellation);

        // It logs all that its processes write.
        builder.Services.AddLogging(static logging => logging.ClearProviders());
        await using (DistributedApplication app = await builder.BuildAsync(Cancellation))
        {
            await app.StartAsync(Cancellation);
            await Task.WhenAll(HealthyAsync(app, "sessions", replicas: 2), HealthyAsync(app, "shop-1", replicas: 1), HealthyAsync(app, "shop-2", replicas: 1))
                .WaitAsync(StartLimit, Cancellation);

            await FrontendsShareTheCartAsync(app.GetEndpoint("shop-1", "http"), app.GetEndpoint("shop-2", "http"));
            await RespEndpointAnswersAsync((await app.GetConnectionStringAsync("resp", Cancellation))!);
            redis = (await app.GetConnectionStringAsync("redis", Cancellation))!;
            Assert.NotEmpty(ProcessesOf(redis));
        }

        await Eventually.TrueAsync("all processes have ended", StopLimit, () => ProcessesOf(redis).Count == 0);
    }

    /// <summary>Waits until all replicas of a resource are healthy.</summary>
    private static async Task HealthyAsync(DistributedApplication app, string resource, int replicas)
    {
        HashSet<string> healthy = [];
        await foreach (ResourceEvent change in app.ResourceNotifications.WatchAsync(Cancellation))
        {
            if (change.Resource.Name == resource && change.Snapshot is { HealthStatus: HealthStatus.Healthy })
            {
                healthy.Add(change.ResourceId);
            }

            if (healthy.Count == replicas)
            {
                return;
            }
        }
    }

    private static async Task FrontendsShareTheCartAsync(Uri first, Uri second)
    {
        using var handler = new HttpClientHandler { UseCookies = false };
        using var browser = new HttpClient(handler);

        using HttpResponseMessage added = await browser.PostAsync(new Uri(first, "/cart/apple"), content: null, Cancellation);
        added.EnsureSuccessStatusCode();

        // Browsers send a Secure cookie to http://localhost; HttpClient does not.
        browser.DefaultRequestHeaders.Add("Cookie", added.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using HttpResponseMessage addedToo = await browser.PostAsync(new Uri(second, "/cart/pear"), content: null, Cancellation);
        addedToo.EnsureSuccessStatusCode();

        Assert.Equal("""["apple","pear"]""", await browser.GetStringAsync(new Uri(first, "/cart"), Cancellation));
        Assert.Equal("""["apple","pear"]""", await browser.GetStringAsync(new Uri(second, "/cart"), Cancellation));
    }

    private static async Task RespEndpointAnswersAsync(string connectionString)
    {
        await using ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(connectionString);
        IDatabase database = client.GetDatabase();

        await database.StringSetAsync("key", "value");
        Assert.Equal("value", await database.StringGetAsync("key"));
    }

    /// <summary>The silos and frontends, recognised by the setting that names their Redis.</summary>
    private static IReadOnlyList<string> ProcessesOf(string redis) => [.. Directory.EnumerateDirectories("/proc", "*").Where(process => HasSetting(process, redis))];

    private static bool HasSetting(string process, string redis)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Split('\0').Contains($"ConnectionStrings__Redis={redis}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
