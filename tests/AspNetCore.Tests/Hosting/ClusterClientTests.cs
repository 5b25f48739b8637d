using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Hosting;

/// <summary>A frontend apart from the silos: an Orleans client that finds them in Redis.</summary>
public sealed class ClusterClientTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frontend_ThatIsAClient_SharesSessionsWithTheOthers()
    {
        await using WebApplication app = Build(cluster.Store, SessionCluster.ClusterId);
        await app.StartAsync(Cancellation);
        await using TestApp other = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using Browser browser = NewBrowser(app);
        using Browser otherBrowser = other.NewBrowser();

        await browser.PostAsync("/set/a/1");
        otherBrowser.Token = browser.Token;
        Assert.Equal("1", await otherBrowser.GetTextAsync("/get/a"));
        await otherBrowser.PostAsync("/set/a/2");
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
        await browser.PostAsync("/destroy");
        Assert.Equal("(none)", await otherBrowser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task Frontend_WithoutACluster_ServesRequestsWithoutASession()
    {
        await using WebApplication app = Build(cluster.Store, clusterId: "nobody-there", ioTimeout: "00:00:02");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Task starting = app.StartAsync(stop.Token);
        using Browser browser = NewBrowser(app);

        Assert.Equal("nothing", await browser.GetTextAsync("/nothing"));
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);
        browser.Token = "a-session-of-the-time-before";
        using HttpResponseMessage unavailable = await browser.GetAsync("/get/a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.NotNull(unavailable.Headers.RetryAfter);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Fact]
    public async Task Frontend_Started_IsReady()
    {
        await using WebApplication app = Build(cluster.Store, SessionCluster.ClusterId);
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);

        await app.StartAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);

        await app.StopAsync(Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);
    }

    private static Browser NewBrowser(WebApplication app) => new(new Uri("https://localhost"), app.GetTestServer().CreateHandler());

    private static WebApplication Build(EmbeddedStore store, string clusterId, string ioTimeout = "00:00:20")
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Redis", store.ConnectionString),
            new("SessionCluster:ClusterId", clusterId),
            new("SessionCluster:ServiceId", clusterId),
            new("Sessions:IOTimeout", ioTimeout),
        ]);
        builder.Services.AddRouting();
        builder.AddOrleansSessionsClient();
        builder.Services.AddOrleansSessions();
        builder.WebHost.UseTestServer();
        WebApplication app = builder.Build();
        TestPipeline.Sessions(app);
        return app;
    }
}
