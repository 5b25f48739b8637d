using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Administration.Api;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Tests;

/// <summary>When an open feed ends.</summary>
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

    private Task<int> ReadAsync()
    {
        var administrator = new SessionAdministrator(
            cluster.Grains, Options.Create(new SessionAdministrationOptions()), TimeProvider.System, NullLogger<SessionAdministrator>.Instance);
        return new AuditFeed(administrator, _application, _time).FollowAsync(Empty, Cancellation).CountAsync(Cancellation).AsTask();
    }
}
