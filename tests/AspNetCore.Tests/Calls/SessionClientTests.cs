using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>Unanswered calls, late calls, and refusals.</summary>
public sealed class SessionClientTests(SessionCluster cluster)
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IOTimeout = TimeSpan.FromSeconds(10);

    private readonly HurryingClock _clock = new();

    /// <summary>The last two are what arrives of an exception that Orleans can't send.</summary>
    public static TheoryData<Exception> TransientFailures =>
    [
        new TimeoutException("No answer."),
        new SiloUnavailableException("The silo has left."),
        new CodecNotFoundException("Could not find a codec."),
        new UnavailableExceptionFallbackException(),
    ];

    [Theory]
    [MemberData(nameof(TransientFailures))]
    public async Task Load_WhoseFirstAttemptsFail_CostsTimeOnly(Exception failure)
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.LoadAsync), failure, times: 3);

        Assert.Equal("1", await lab.AskAsync(browser, session => session.GetString("a")));

        Assert.Equal(4, lab.Grains.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(TransientFailures))]
    public async Task Commit_WhoseFirstAttemptsFail_IsRepeatedUnderItsOperationIdWithItsAge(Exception failure)
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.EndOnce(nameof(ISessionGrain.CommitAsync), () => TimeOut(failure), times: 3);

        await lab.RunAsync(browser, session => session.SetString("a", "2"));

        IReadOnlyList<SessionCommit> attempts = lab.Grains.Commits;
        Assert.Equal(4, attempts.Count);
        Assert.Single(attempts.Select(attempt => attempt.OperationId).Distinct());
        Assert.Equal(TimeSpan.Zero, attempts[0].Age);
        Assert.True(attempts[1].Age >= AttemptTimeout);
        Assert.True(attempts[2].Age >= attempts[1].Age + AttemptTimeout);
        Assert.True(attempts[3].Age >= attempts[2].Age + AttemptTimeout);
        Assert.Equal("2", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Commits_OfTwoRequests_HaveTwoOperationIds()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session => session.SetString("a", "2"));
        await lab.RunAsync(browser, session => session.SetString("a", "3"));

        Assert.NotEqual(lab.Grains.Commits[0].OperationId, lab.Grains.Commits[1].OperationId);
    }

    [Fact]
    public async Task Commit_AnsweredAtOnce_IsNamedToTheSessionWithTheNextCommitAndNotAgain()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session => session.SetString("a", "2"));
        await lab.RunAsync(browser, session => session.SetString("a", "3"));
        await lab.RunAsync(browser, session => session.SetString("a", "4"));

        IReadOnlyList<SessionCommit> commits = lab.Grains.Commits;
        Assert.Equal([commits[0].OperationId], commits[1].Settled);
        Assert.Equal([commits[1].OperationId], commits[2].Settled);
    }

    [Fact]
    public async Task Commit_ThatWasRepeated_IsNotNamedToTheSession()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.LoseAnswer(nameof(ISessionGrain.CommitAsync), new TimeoutException());

        await lab.RunAsync(browser, session => session.SetString("a", "2"));
        await lab.RunAsync(browser, session => session.SetString("a", "3"));

        // The first attempt may still be on its way: only the session can tell whether it has seen it.
        SessionCommit[] commits = [.. lab.Grains.Commits];
        Assert.Equal(3, commits.Length);
        Assert.DoesNotContain(commits[0].OperationId, commits[^1].Settled);
    }

    [Fact]
    public async Task Increment_WhoseAnswersAreLost_CountsOnce()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.LoseAnswer(nameof(ISessionGrain.CommitAsync), new TimeoutException(), times: 3);

        await lab.RunAsync(browser, async session => Assert.Equal(1, await session.IncrementAsync("n", 1, TestContext.Current.CancellationToken)));

        Assert.Equal(1, await lab.AskAsync(browser, session => session.Get<int>("n")));
    }

    [Fact]
    public async Task FirstCommit_WhoseAnswerIsLost_StartsOneSession()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = lab.NewBrowser();
        lab.Grains.LoseAnswer(nameof(ISessionGrain.CommitAsync), new TimeoutException());

        await lab.RunAsync(browser, session => session.SetString("a", "1"));

        Assert.Single(lab.Grains.Calls.Select(call => call.Key).Distinct());
        Assert.Equal(1, await lab.AskAsync(browser, session => session.Version));
    }

    [Fact]
    public async Task Rotate_WhoseAnswerIsLost_RotatesOnce()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        using Browser old = browser.Clone();
        lab.Grains.LoseAnswer(nameof(ISessionGrain.CommitAsync), new TimeoutException());

        await lab.RunAsync(browser, session => session.RotateAsync(TestContext.Current.CancellationToken));

        Assert.Equal(2, lab.Grains.Commits.Count);
        Assert.Single(lab.Grains.Commits.Select(static commit => commit.OperationId).Distinct());
        Assert.NotEqual(old.Token, browser.Token);
        Assert.Equal(2, await lab.AskAsync(browser, session => session.Version));
        Assert.Equal("1", await lab.AskAsync(old, session => session.GetString("a")));
    }

    [Fact]
    public async Task Destroy_WhoseAnswerIsLost_Destroys()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();
        lab.Grains.LoseAnswer(nameof(ISessionGrain.DestroyAsync), new TimeoutException());

        await lab.RunAsync(browser, session => session.DestroyAsync(TestContext.Current.CancellationToken));

        Assert.Null(browser.Token);
        Assert.False(await lab.AskAsync(other, session => session.Exists));
    }

    [Fact]
    public async Task Commit_ThatNobodyAnswers_IsAnswered503WhenTheIOTimeoutHasPassed()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.EndAlways(nameof(ISessionGrain.CommitAsync), () => TimeOut(new TimeoutException("No answer.")));
        DateTimeOffset started = _clock.GetUtcNow();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal("Session unavailable", (await response.ProblemAsync()).Title);
        Assert.InRange(lab.Grains.Commits.Count, 5, 40);
        Assert.Single(lab.Grains.Commits.Select(attempt => attempt.OperationId).Distinct());

        // The last attempt moves the clock past the deadline, by less than its own time.
        Assert.InRange(_clock.GetUtcNow() - started, IOTimeout - AttemptTimeout, IOTimeout + AttemptTimeout);
    }

    [Fact]
    public async Task Commit_ThatNobodyAnswers_SaysWhatEachAttemptEndedWith()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.EndAlways(nameof(ISessionGrain.CommitAsync), () => TimeOut(new TimeoutException("The silo does not answer.")));

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            context.Session.SetString("a", "2");
            SessionUnavailableException exception = await Assert.ThrowsAsync<SessionUnavailableException>(() => context.Session.CommitAsync(context.RequestAborted));
            Assert.Equal("The silo does not answer.", exception.InnerException?.Message);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Commit_WhoseAttemptEndsAfterTheIOTimeout_IsAnswered503(int attempt)
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.CommitAsync), new TimeoutException("No answer."), times: attempt - 1);
        lab.Grains.EndOnce(nameof(ISessionGrain.CommitAsync), () =>
        {
            _clock.Advance(2 * IOTimeout);
            return Task.FromException<object>(new TimeoutException("No answer."));
        });

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(attempt, lab.Grains.Commits.Count);
    }

    [Fact]
    public async Task Commit_OnAClusterWithoutRedis_IsAnswered503AtOnce()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.CommitAsync), new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("Redis did not answer.", (await response.ProblemAsync()).Detail);
        Assert.Single(lab.Grains.Commits);
    }

    [Fact]
    public async Task Commit_WithAnUnknownOutcome_IsAnswered503()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Answer(nameof(ISessionGrain.CommitAsync), new CommitResult { Outcome = CommitOutcome.Unknown });

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task UnavailableSession_HurtsNoRequestThatDoesNotUseIt()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.EndAlways(nameof(ISessionGrain.LoadAsync), () => TimeOut(new TimeoutException()));

        using HttpResponseMessage unused = await lab.SendAsync(browser, context => context.Response.WriteAsync("hello"));
        using HttpResponseMessage asked = await lab.SendAsync(browser, context => context.Response.WriteAsync($"available: {context.Session.IsAvailable}"));
        using HttpResponseMessage read = await lab.SendAsync(browser, context => context.Response.WriteAsync($"read: {context.Session.GetString("a")}"));
        using HttpResponseMessage written = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        });

        Assert.Equal("hello", await unused.TextAsync());
        Assert.Equal("available: False", await asked.TextAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, read.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, written.StatusCode);
        Assert.NotNull(browser.Token);
    }

    [Fact]
    public async Task UnavailableSession_ThatIsLoadedAgain_IsAvailable()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.LoadAsync), new SessionUnavailableException("Redis did not answer."));

        await lab.RunAsync(browser, async session =>
        {
            Assert.False(session.IsAvailable);
            await session.LoadAsync(TestContext.Current.CancellationToken);
            Assert.True(session.IsAvailable);
            Assert.Equal("1", session.GetString("a"));
        });
    }

    [Fact]
    public async Task Failure_ThatIsNotOfTheCluster_IsNotRepeated()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        lab.Grains.Fail(nameof(ISessionGrain.CommitAsync), new InvalidOperationException("A bug."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            return Task.CompletedTask;
        }));

        Assert.Single(lab.Grains.Commits);
    }

    [Fact]
    public async Task Repetition_OfARequestWhoseClientLeft_Stops()
    {
        await using Lab lab = await StartAsync();
        using Browser browser = await lab.NewSessionAsync();
        using var left = new CancellationTokenSource();
        int attempts = 0;
        lab.Grains.EndAlways(nameof(ISessionGrain.CommitAsync), async () =>
        {
            if (++attempts == 3)
            {
                await left.CancelAsync();
            }

            return await TimeOut(new TimeoutException());
        });

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            context.Session.SetString("a", "2");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.Session.CommitAsync(left.Token));
            Assert.Equal(3, attempts);
            lab.Grains.Restore(nameof(ISessionGrain.CommitAsync));
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<Lab> StartAsync() => Lab.StartAsync(cluster.Grains, builder => builder.Services.AddSingleton<TimeProvider>(_clock));

    /// <summary>Attempt that gets no answer until Orleans' response timeout.</summary>
    private Task<object> TimeOut(Exception exception)
    {
        _clock.Advance(AttemptTimeout);
        return Task.FromException<object>(exception);
    }
}
