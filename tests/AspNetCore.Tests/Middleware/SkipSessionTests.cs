using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Middleware;

public sealed class SkipSessionTests(SessionCluster cluster)
{
    [Theory]
    [InlineData("/metadata")]
    [InlineData("/attribute")]
    public async Task Endpoint_ThatSkipsTheSession_HasNoneAndCallsNoGrain(string path)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            TestPipeline.Sessions(app);
            app.MapGet("/metadata", Ask).WithMetadata(new SkipSessionAttribute());
            app.MapGet("/attribute", [SkipSession] (HttpContext context) => Ask(context));
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");
        app.Grains.ForgetCalls();

        Assert.Equal("InvalidOperationException", await browser.GetTextAsync(path));

        Assert.Empty(app.Grains.Calls);
    }

    /// <summary>An administrator's page, or one that reads an authentication ticket.</summary>
    [Fact]
    public async Task Endpoint_ThatSkipsTheSessionAndNeedsTheCluster_WithoutIt_IsAnswered503()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            TestPipeline.Sessions(app);
            app.MapGet("/skips", string () => throw new SessionUnavailableException("No silo answered.")).WithMetadata(new SkipSessionAttribute());
        });
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage response = await browser.GetAsync("/skips");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Request_WithoutSession_LeavesNoFeatureBehind()
    {
        ISessionFeature? after = null;
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                after = context.Features.Get<ISessionFeature>();
            });
            TestPipeline.Sessions(app);
        });
        using Browser browser = app.NewBrowser();

        await browser.PostAsync("/set/a/1");

        Assert.Null(after);
    }

    private static string Ask(HttpContext context)
    {
        try
        {
            return context.Session.Id;
        }
        catch (InvalidOperationException exception)
        {
            return exception.GetType().Name;
        }
    }
}
