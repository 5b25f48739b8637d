using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OrleansSessions.ServiceDefaults.Health;

namespace OrleansSessions.ServiceDefaults.Tests.Management;

public sealed class HealthEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_AllWell_IsHealthyEverywhere()
    {
        await using WebApplication app = await StartAsync(HealthCheckResult.Healthy(), managementOnly: false);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/healthz/live"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/healthz/startup"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/healthz/ready"));
        Assert.Equal((HttpStatusCode.OK, "application"), await GetAsync(app, "/"));
    }

    [Fact]
    public async Task Health_CheckFails_ReadyNamesItAndTheReasonAndTheRestPasses()
    {
        await using WebApplication app = await StartAsync(HealthCheckResult.Unhealthy("Redis can't be reached."), managementOnly: false);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy\nstorage: Redis can't be reached."), await GetAsync(app, "/healthz/ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/healthz/live"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/healthz/startup"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.NotFound)]
    public async Task Metrics_WithoutTheirOwnPort_AreServedByManagementOnlyProcesses(bool managementOnly, HttpStatusCode expected)
    {
        await using WebApplication app = await StartAsync(HealthCheckResult.Healthy(), managementOnly);

        Assert.Equal(expected, (await GetAsync(app, "/metrics")).Status);
    }

    private static async Task<WebApplication> StartAsync(HealthCheckResult storage, bool managementOnly)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults(managementOnly);
        builder.Services.AddHealthChecks().AddCheck("storage", () => storage, tags: [HealthTags.Ready]);
        WebApplication app = builder.Build();
        app.UseManagementEndpoints();
        app.MapGet("/", () => "application");
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(WebApplication app, string path)
    {
        string address = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using HttpResponseMessage response = await client.GetAsync(new Uri(new Uri(address), path), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
