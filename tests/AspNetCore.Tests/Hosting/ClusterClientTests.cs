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
    [Fact]
    public async Task Frontend_ThatIsAClient_SharesSessionsWithTheOthers()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Redis", cluster.Store.ConnectionString),
            new("SessionCluster:ClusterId", SessionCluster.ClusterId),
            new("SessionCluster:ServiceId", SessionCluster.ClusterId),
        ]);
        builder.Services.AddRouting();
        builder.AddOrleansSessionsClient();
        builder.Services.AddOrleansSessions();
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        TestPipeline.Sessions(app);
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        await using TestApp other = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        using var browser = new Browser(new Uri("https://localhost"), app.GetTestServer().CreateHandler());
        using Browser otherBrowser = other.NewBrowser();
        await browser.PostAsync("/set/a/1");
        otherBrowser.Token = browser.Token;
        Assert.Equal("1", await otherBrowser.GetTextAsync("/get/a"));
        await otherBrowser.PostAsync("/set/a/2");
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
        await browser.PostAsync("/destroy");
        Assert.Equal("(none)", await otherBrowser.GetTextAsync("/get/a"));

        await app.StopAsync(TestContext.Current.CancellationToken);
    }
}
