using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>When a request's changes are stored, and how many grain calls that takes.</summary>
public sealed class SessionCommitTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadOnlyRequest_CallsTheGrainOnce()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("1", session.GetString("a"));
            Assert.Null(session.GetString("b"));
            Assert.Equal(["a"], session.Keys);
            Assert.True(session.IsAvailable);
            session.Remove("b");
        });

        Assert.Equal([nameof(ISessionGrain.LoadAsync)], lab.Grains.Methods);
    }

    [Fact]
    public async Task WritingRequest_CallsTheGrainTwice()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "2");
            session.SetString("b", "3");
            session.Remove("a");
        });

        Assert.Equal([nameof(ISessionGrain.LoadAsync), nameof(ISessionGrain.CommitAsync)], lab.Grains.Methods);
    }

    [Fact]
    public async Task FirstRequest_CallsTheGrainOnceForItsCommit()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.SetString("a", "1"));

        Assert.Equal([nameof(ISessionGrain.CommitAsync)], lab.Grains.Methods);
    }

    [Fact]
    public async Task Entry_SetAndRemovedInTheFirstRequest_StartsNoSession()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "1");
            session.Remove("a");
        });

        Assert.Null(browser.Token);
        Assert.Empty(lab.Grains.Calls);
    }

    [Fact]
    public async Task Commit_InTheMiddle_IsSeenByOthersAtOnce()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("a", "2");
            Assert.Equal("1", await lab.AskAsync(browser, other => other.GetString("a")));
            await session.CommitAsync(Cancellation);
            Assert.Equal("2", await lab.AskAsync(browser, other => other.GetString("a")));
        });
    }

    [Fact]
    public async Task Commit_WithoutChanges_CallsNoGrain()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session => session.CommitAsync(Cancellation));

        Assert.Equal([nameof(ISessionGrain.LoadAsync)], lab.Grains.Methods);
    }

    [Fact]
    public async Task Requests_InParallelOnDifferentEntries_BothWin()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        const int Requests = 40;
        using var loaded = new CountdownEvent(Requests);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Each request has loaded the session before the first commits.
        IEnumerable<Task> requests = Enumerable.Range(0, Requests).Select(i => lab.RunAsync(browser, async session =>
        {
            session.SetString($"entry-{i}", $"{i}");
            if (loaded.Signal())
            {
                go.SetResult();
            }

            await go.Task;
        }));
        await Task.WhenAll(requests.ToArray());

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("1", session.GetString("a"));
            Assert.All(Enumerable.Range(0, Requests), i => Assert.Equal($"{i}", session.GetString($"entry-{i}")));
        });
    }

    [Fact]
    public async Task Exception_OfTheApplication_CommitsNothingAndPropagates()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("the application's error page")));
            TestPipeline.Sessions(app);
            app.MapPost("/fail", (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                throw new InvalidOperationException("The application failed.");
            });
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");

        using HttpResponseMessage response = await browser.PostAsync("/fail");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("the application's error page", await response.TextAsync());
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task Change_OfARequestWhoseClientLeft_IsStored()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, app =>
        {
            app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    if (context.RequestAborted.IsCancellationRequested)
                    {
                        ended.SetResult();
                    }
                }
            });
            TestPipeline.Sessions(app);
            app.MapPost("/slow", async (HttpContext context) =>
            {
                var left = new TaskCompletionSource();
                context.RequestAborted.Register(left.SetResult);
                started.SetResult();
                await left.Task;
                context.Session.SetString("a", "2");
                await context.Response.WriteAsync("too late", context.RequestAborted);
            });
        });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");
        using var leave = new CancellationTokenSource();

        Task<HttpResponseMessage> request = browser.PostAndLeaveAsync("/slow", leave.Token);
        await started.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await ended.Task;

        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
    }
}
