using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Hosting;

/// <summary>Frontend and silo in one process, including everything that both log.</summary>
public sealed class CoHostedSiloTests(SessionCluster cluster)
{
    [Fact]
    public async Task Frontend_ThatHostsASilo_HasSessionsAndLogsNoToken()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddTestSilo(cluster.Store, clusterId: "co-hosted", siloName: "co-hosted-silo");
        var logs = new LogCapture();
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddRouting();
        builder.Services.AddOrleansSessions();
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.UseExceptionHandler(static error => error.Run(static _ => Task.CompletedTask));
        TestPipeline.Sessions(app);
        app.MapGet("/silo", (HttpContext context) => context.GetOrleansSession().Silo);
        app.MapPost("/fail", (HttpContext context) =>
        {
            context.Session.Set("a", [1]);
            throw new InvalidOperationException("The application failed.");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var browser = new Browser(new Uri("https://localhost"), app.GetTestServer().CreateHandler());
        HashSet<string> tokens = [];

        await SendAsync("/set/a/1");
        Assert.Equal("co-hosted-silo", await browser.GetTextAsync("/silo"));
        await SendAsync("/add/a");
        await SendAsync("/set/name%01/x");
        await SendAsync("/add/text");
        await SendAsync("/fail");
        await SendAsync("/set/large/" + new string('x', 10_000));
        using Browser old = browser.Clone();
        await SendAsync("/rotate");
        using (HttpResponseMessage late = await old.PostAsync("/set/a/late"))
        {
            Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        }

        await SendAsync("/destroy");
        browser.Token = "a-forged-token-that-is-a-secret-too";
        tokens.Add(browser.Token);
        await SendAsync("/set/a/1");
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(tokens.Count >= 4);
        Assert.Contains(logs.Records, record => record.Level == LogLevel.Trace);
        Assert.DoesNotContain(logs.Records, record => tokens.Any(token => record.Text.Contains(token, StringComparison.Ordinal)));

        async Task SendAsync(string path)
        {
            using HttpResponseMessage response = await browser.PostAsync(path);
            if (browser.Token is { } token)
            {
                tokens.Add(token);
            }
        }
    }
}
