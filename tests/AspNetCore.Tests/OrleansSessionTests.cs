using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>A request's session as <see cref="ISession"/>.</summary>
public sealed class OrleansSessionTests(SessionCluster cluster)
{
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
    public async Task Entries_SetRemovedAndCleared_AreSeenByTheRequestAndByTheNext()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "1");
            session.SetInt32("b", 2);
            session.Set("c", [3]);
            session.Remove("a");
            session.Remove("never there");
            Assert.Equal(["b", "c"], session.Keys);
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(["b", "c"], session.Keys);
            Assert.Equal(2, session.GetInt32("b"));
            Assert.False(session.TryGetValue("a", out byte[]? none));
            Assert.Null(none);
            session.Clear();
            Assert.Empty(session.Keys);
            session.SetString("d", "4");
            Assert.Equal(["d"], session.Keys);
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(["d"], session.Keys);
            session.Clear();
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Empty(session.Keys);
            Assert.True(session.Exists);
        });
    }

    [Fact]
    public async Task Keys_AreCaseSensitiveAndMayBeAnyText()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        string[] names = ["a", "A", "ключ", "🛒", " with spaces ", new string('x', 256), "semi;colon", "a/b?c=d"];

        await lab.RunAsync(browser, session =>
        {
            foreach (string name in names)
            {
                session.SetString(name, name);
            }
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(names, session.Keys);
            Assert.All(names, name => Assert.Equal(name, session.GetString(name)));
        });
    }

    [Fact]
    public async Task TryGetValue_ReturnsACopy()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        byte[] mine = [1, 2, 3];

        await lab.RunAsync(browser, session =>
        {
            session.Set("bytes", mine);
            mine[0] = 99;
            Assert.True(session.TryGetValue("bytes", out byte[]? pending));
            pending[1] = 99;
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.True(session.TryGetValue("bytes", out byte[]? loaded));
            Assert.Equal([1, 2, 3], loaded);
            loaded[2] = 99;
        });

        await lab.RunAsync(browser, session => Assert.Equal([1, 2, 3], session.Get("bytes")));
    }

    [Fact]
    public async Task Value_Empty_IsNotAbsent()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.Set("empty", []));

        await lab.RunAsync(browser, session =>
        {
            Assert.True(session.TryGetValue("empty", out byte[]? value));
            Assert.Empty(value);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_WhileEntriesAreRemoved_CanBeEnumerated(bool changedBefore)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session =>
        {
            session.SetString("cart.1", "x");
            session.SetString("cart.2", "x");
            session.SetString("user", "x");
        });

        await lab.RunAsync(browser, session =>
        {
            if (changedBefore)
            {
                session.SetString("seen", "now");
            }

            foreach (string key in session.Keys.Where(key => key.StartsWith("cart.", StringComparison.Ordinal)))
            {
                session.Remove(key);
            }
        });

        Assert.DoesNotContain(await lab.AskAsync(browser, session => session.Keys.ToArray()), key => key.StartsWith("cart.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetEntries_AfterwardsChanged_StayAsTheyWere()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("b", "2");
            IReadOnlyList<SessionEntry> entries = session.GetEntries();
            session.SetString("c", "3");
            Assert.Equal(["a", "b"], entries.Select(entry => entry.Name));
        });
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
    public async Task Properties_OfASession_DescribeWhatIsStored()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMilliseconds(-1);

        await lab.RunAsync(browser, async session =>
        {
            Assert.False(session.Exists);
            Assert.Equal(0, session.Version);
            Assert.Null(session.CreatedAt);
            Assert.Null(session.ExpiresAt);
            Assert.Null(session.Silo);
            Assert.Equal(TimeSpan.FromMinutes(20), session.IdleTimeout);

            session.SetString("a", "1");
            Assert.False(session.Exists);
            await session.CommitAsync(TestContext.Current.CancellationToken);

            AssertStored(session, 1);
        });
        await lab.RunAsync(browser, session => AssertStored(session, 1));

        void AssertStored(IOrleansSession session, long version)
        {
            Assert.True(session.Exists);
            Assert.Equal(version, session.Version);
            Assert.InRange(session.CreatedAt!.Value, before, DateTimeOffset.UtcNow);
            Assert.InRange(session.ExpiresAt!.Value, before.AddMinutes(20), DateTimeOffset.UtcNow.AddMinutes(20));
            Assert.Equal(SessionCluster.SiloName, session.Silo);
        }
    }

    [Fact]
    public async Task Id_IsStableFromTheFirstRequestOnAndIsNotTheToken()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        string id = await lab.AskAsync(browser, session =>
        {
            string first = session.Id;
            session.SetString("a", "1");
            Assert.Equal(first, session.Id);
            return first;
        });

        Assert.Equal(id, await lab.AskAsync(browser, session => session.Id));
        Assert.NotEqual(browser.Token, id);
        Assert.True(SessionToken.TryParse(browser.Token, out SessionToken token));
        Assert.Equal(SessionKey.For("default", token).Value, id);
    }

    [Fact]
    public async Task Id_OfARequestThatStoresNothing_SetsNoCookie()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        Assert.NotEmpty(await lab.AskAsync(browser, session => session.Id));

        Assert.Null(browser.Token);
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
    public async Task Value_OfNearlyTheLimit_IsStored()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        byte[] large = new byte[1024 * 1024 - 16];
        new Random(1).NextBytes(large);

        await lab.RunAsync(browser, session => session.Set("large", large));

        Assert.Equal(large, await lab.AskAsync(browser, session => session.Get("large")));
    }

    [Fact]
    public async Task Value_AboveTheLimit_Returns413AndChangesNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            context.Session.Set("large", new byte[10 * 1024 * 1024]);
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        string detail = (await response.ProblemAsync()).Detail!;
        Assert.Contains("1048576", detail, StringComparison.Ordinal);
        Assert.Contains((10 * 1024 * 1024 + "large".Length + "a".Length + 1).ToString(CultureInfo.InvariantCulture), detail, StringComparison.Ordinal);
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("1", session.GetString("a"));
            Assert.Equal(["a"], session.Keys);
        });
    }

    [Fact]
    public async Task Value_AboveTheLimitInTheFirstRequest_StartsNoSession()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.Set("large", new byte[10 * 1024 * 1024]);
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task Value_AboveTheLimitAndThenASmallerOne_IsStoredAndSeenByTheNextRequest()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.SendAsync(browser, async context =>
        {
            IOrleansSession session = context.GetOrleansSession();
            await Assert.ThrowsAsync<SessionLimitException>(() => session.UpdateAsync<string>("a", _ => new string('x', 2 * 1024 * 1024), TestContext.Current.CancellationToken));
            await session.UpdateAsync<string>("a", _ => "1", TestContext.Current.CancellationToken);
        });

        await lab.RunAsync(browser, session => Assert.Equal("1", session.Get<string>("a")));
    }

    [Fact]
    public async Task Entries_AboveTheirNumber_AreAnswered413()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                context.Session.SetString($"entry-{i}", "x");
            }

            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(["a"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Theory]
    [InlineData("")]
    [InlineData("control\u0001character")]
    [InlineData("line\nbreak")]
    public async Task EntryName_ThatIsNotAllowed_Returns400(string name)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString(name, "x");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["a"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Fact]
    public async Task EntryName_TooLong_Returns413()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString(new string('ä', 129), "x");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Null_AsKeyOrValue_IsRefusedWhereItIsGiven()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Throws<ArgumentNullException>(() => session.Set(null!, []));
            Assert.Throws<ArgumentNullException>(() => session.Set("a", (byte[])null!));
            Assert.Throws<ArgumentNullException>(() => session.Remove(null!));
            Assert.Throws<ArgumentNullException>(() => session.TryGetValue(null!, out _));
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

    [Fact]
    public async Task Session_EndedByAnotherRequest_Returns409AndNotBroughtBack()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            await lab.RunAsync(other, session => session.DestroyAsync(TestContext.Current.CancellationToken));
            context.Session.SetString("late", "write");
            await context.Response.WriteAsync("done");
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("Session ended", (await response.ProblemAsync()).Title);
        Assert.False(await lab.AskAsync(browser, session => session.Exists));
    }

    [Fact]
    public async Task Text_OfTheFrameworksSetString_IsStoredAsItsUtf8Bytes()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.SetString("a", "größer"));

        SessionEntry entry = (await lab.AskAsync(browser, session => session.GetEntry("a")))!;
        Assert.Equal(EntryFormat.Bytes, entry.Format);
        Assert.Equal("größer", Encoding.UTF8.GetString(entry.Value));
    }
}
