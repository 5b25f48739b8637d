using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Failed commits are visible: however the application responds, the client gets the failure and nothing of the response.</summary>
public sealed class FailedCommitTests(SessionCluster cluster)
{
    public static TheoryData<string> Ways => [.. ResponseWays.All.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FailedCommit_OnTheTestServer_Returns503WithProblemDetailsOnly(string way)
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app => MapAll(app));
        await AssertAnswered503Async(app, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FailedCommit_OnKestrel_Returns503WithProblemDetailsOnly(string way)
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(cluster.Grains, app => MapAll(app));
        await AssertAnswered503Async(app, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FailedCommit_InsideResponseCompression_Returns503WithProblemDetailsOnly(string way)
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(
            cluster.Grains,
            app =>
            {
                app.UseResponseCompression();
                MapAll(app);
            },
            AddCompression);
        await AssertAnswered503Async(app, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FailedCommit_OutsideResponseCompression_Returns503WithProblemDetailsOnly(string way)
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(
            cluster.Grains,
            app => MapAll(app, afterSessions: app => app.UseResponseCompression()),
            AddCompression);
        await AssertAnswered503Async(app, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FailedCommit_InsideAMiddlewareThatBuffers_Returns503WithProblemDetailsOnly(string way)
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(cluster.Grains, app =>
        {
            app.Use(async (context, next) =>
            {
                Stream body = context.Response.Body;
                using var buffer = new MemoryStream();
                context.Response.Body = buffer;
                await next(context);
                context.Response.Body = body;
                await body.WriteAsync(buffer.ToArray());
            });
            MapAll(app);
        });
        await AssertAnswered503Async(app, way);
    }

    [Fact]
    public async Task FailedCommit_ForAHeadRequest_Returns503()
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(cluster.Grains, app => MapAll(app));
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());

        using HttpResponseMessage response = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/WriteAsync"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task FailedCommit_WithProblemDetailsService_IsAnsweredThroughIt()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app => MapAll(app), builder =>
            builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context => context.ProblemDetails.Extensions["node"] = "seven"));
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());

        using HttpResponseMessage response = await browser.GetAsync("/ResultsJson");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("seven", (await response.ProblemAsync()).Extensions["node"]!.ToString());
    }

    [Fact]
    public async Task FailedCommit_CaughtByTheApplication_IsTheApplicationsToAnswer()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app => MapAll(app, endpoints: app => app.MapGet("/caught", async (HttpContext context) =>
        {
            context.Session.SetString("a", "2");
            try
            {
                await context.Session.CommitAsync(context.RequestAborted);
                return "stored";
            }
            catch (SessionUnavailableException)
            {
                return "later";
            }
        })));
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());

        Assert.Equal("later", await browser.GetTextAsync("/caught"));
    }

    [Fact]
    public async Task FailedCommit_AfterTheResponseStarted_BreaksTheResponseOff()
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(cluster.Grains, app => MapAll(app, endpoints: app => app.MapGet("/late", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("It is done: ");
            context.Session.SetString("a", "2");
        })));
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());

        using HttpResponseMessage response = await browser.GetAsync("/late");

        await Assert.ThrowsAsync<HttpRequestException>(() => response.TextAsync());
    }

    [Fact]
    public async Task FailedOperation_AfterBytesWentToABufferOutside_IsNotMixedWithThem()
    {
        await using TestApp app = await TestApp.StartOnKestrelAsync(
            cluster.Grains,
            app =>
            {
                app.UseResponseCompression();
                MapAll(app, endpoints: app => app.MapGet("/mixed", async (HttpContext context) =>
                {
                    context.Response.ContentType = "text/plain";
                    await context.Response.Body.WriteAsync("the application's body"u8.ToArray());
                    await context.GetOrleansSession().IncrementAsync("n");
                }));
            },
            AddCompression);
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());
        var request = new HttpRequestMessage(HttpMethod.Get, "/mixed");
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using HttpResponseMessage response = await browser.SendAsync(request);
        byte[] body;
        try
        {
            body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // The connection was aborted, so the client knows that something went wrong.
            return;
        }

        Assert.True((int)response.StatusCode >= 500);
        Assert.True(body.Length == 0 || body[0] == (byte)'{', $"The error's body starts with other bytes: {Convert.ToHexString(body)}");
    }

    private static async Task AssertAnswered503Async(TestApp app, string way)
    {
        using Browser browser = await BrowserWithSessionAsync(app);
        app.Grains.Fail(nameof(ISessionGrain.CommitAsync), Unavailable());
        var request = new HttpRequestMessage(HttpMethod.Get, "/" + way);
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using HttpResponseMessage response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Empty(response.SetCookies());
        Assert.False(response.Headers.Contains(ResponseWays.Header));
        string body = await response.TextAsync();
        Assert.StartsWith("{", body, StringComparison.Ordinal);
        Assert.DoesNotContain(ResponseWays.Marker, body, StringComparison.Ordinal);
        Assert.Equal(503, (await response.ProblemAsync()).Status);
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    private static async Task<Browser> BrowserWithSessionAsync(TestApp app)
    {
        Browser browser = app.NewBrowser();
        if (app.IsOnKestrel)
        {
            browser.CookieName = "session";
        }

        using HttpResponseMessage response = await browser.PostAsync("/set/a/1");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return browser;
    }

    private static void AddCompression(WebApplicationBuilder builder) => builder.Services.AddResponseCompression();

    private static void MapAll(WebApplication app, Action<WebApplication>? afterSessions = null, Action<WebApplication>? endpoints = null)
    {
        app.UseRouting();
        app.UseOrleansSessions();
        afterSessions?.Invoke(app);
        app.MapSessionEndpoints();
        foreach ((string name, RequestDelegate write) in ResponseWays.All)
        {
            app.MapMethods("/" + name, ["GET", "HEAD"], (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                return write(context);
            });
        }

        endpoints?.Invoke(app);
    }

    private static SessionUnavailableException Unavailable() => new("Redis did not answer.");
}
