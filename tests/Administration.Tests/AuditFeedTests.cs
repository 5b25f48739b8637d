using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Administration.Api;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Tests;

/// <summary>How many feeds may be open, and when one ends.</summary>
public sealed class AuditFeedTests(AdministeredCluster cluster)
{
    private static readonly AuditPage Empty = new() { IsKept = true, Cursor = "0-0" };

    private readonly ApplicationLifetime _application = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Otherwise the silo in the same process would have no time left for a graceful stop.</summary>
    [Fact]
    public async Task Feed_WhenTheProcessStops_Ends()
    {
        Task<int> events = ReadAsync();

        _application.StopApplication();

        Assert.Equal(0, await events.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Feed_AfterAMinute_Ends()
    {
        Task<int> events = ReadAsync();

        while (!events.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        Assert.Equal(0, await events);
    }

    [Fact]
    public async Task Feed_BeyondTheLimit_Is503UntilAnotherEnds()
    {
        var options = new SessionAdministrationOptions { MaxAuditFeeds = 2 };
        AuditFeed feed = FeedWith(options);
        Assert.True(feed.TryJoin());
        Assert.True(feed.TryJoin());

        ProblemHttpResult refused = await AskAsync();
        feed.Leave();
        ProblemHttpResult first = await AskAsync();
        ProblemHttpResult second = await AskAsync();

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, refused.StatusCode);
        Assert.Contains("Administration:MaxAuditFeeds", refused.ProblemDetails.Detail, StringComparison.Ordinal);

        // The test's cluster keeps no audit trail, so each is over at once and gives its place back.
        Assert.Equal((StatusCodes.Status409Conflict, StatusCodes.Status409Conflict), (first.StatusCode, second.StatusCode));

        async Task<ProblemHttpResult> AskAsync() => Assert.IsType<ProblemHttpResult>(
            await SessionAdministrationEndpoints.FollowAsync(new DefaultHttpContext(), feed, AdministratorWith(options), lastEventId: null, Cancellation));
    }

    private Task<int> ReadAsync() => FeedWith(new SessionAdministrationOptions()).FollowAsync(Empty, Cancellation).CountAsync(Cancellation).AsTask();

    private AuditFeed FeedWith(SessionAdministrationOptions options) => new(AdministratorWith(options), Options.Create(options), _application, _time);

    private SessionAdministrator AdministratorWith(SessionAdministrationOptions options) =>
        new(cluster.Grains, Options.Create(options), TimeProvider.System, NullLogger<SessionAdministrator>.Instance);
}
