using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Requests whose session could not be loaded before the application ran.</summary>
public sealed class FailedLoadTests(SessionCluster cluster)
{
    [Theory]
    [InlineData("/get")]
    [InlineData("/increment")]
    [InlineData("/load")]
    public async Task FirstUse_AfterAFailedLoad_FailsWithoutAnotherCall(string path)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await VisitAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.LoadAsync), new SessionUnavailableException("Redis did not answer."), times: 10);

        using HttpResponseMessage response = await browser.PostAsync(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(app.Grains.Methods, nameof(ISessionGrain.LoadAsync));
    }

    [Fact]
    public async Task SecondLoad_AfterAFailedOne_AsksAgain()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await VisitAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.LoadAsync), new SessionUnavailableException("Redis did not answer."));

        Assert.Equal("1", await browser.GetTextAsync("/load-twice"));
    }

    private static async Task<Browser> VisitAsync(TestApp app)
    {
        Browser browser = app.NewBrowser();
        using HttpResponseMessage response = await browser.PostAsync("/increment");
        app.Grains.ForgetCalls();
        return browser;
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(cluster.Grains, static app =>
    {
        app.UseRouting();
        app.UseOrleansSessions();
        app.MapPost("/get", static (HttpContext context) => context.Session.GetString("n"));
        app.MapPost("/increment", static async (HttpContext context) => $"{await context.GetOrleansSession().IncrementAsync("n")}");
        app.MapPost("/load", static (HttpContext context) => context.Session.LoadAsync());
        app.MapGet("/load-twice", static async (HttpContext context) =>
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(() => context.Session.LoadAsync());
            await context.Session.LoadAsync();
            return context.Session.Get<long>("n");
        });
    });
}
