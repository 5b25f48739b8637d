using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Redis outage of 20 seconds under load, followed by a restart with its append-only file.</summary>
[Collection(typeof(AloneCollection))]
public sealed class RedisOutageTests
{
    private const int ServiceUnavailable = 503;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterRecovery = TimeSpan.FromSeconds(4);

    /// <summary>Reads go on throughout the outage: in each such part of it. A busy machine stalls for a second or two now and then.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Redis_StoppedAndStartedUnderLoad_ReadsGoOnAndCommitsSay503AndNothingIsLost()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Redis = redis.Address });
        IReadOnlyList<LiveProcess> members = cluster.FindMembers();
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Url);
        await load.WarmUpAsync();

        DateTimeOffset stopped = DateTimeOffset.UtcNow;
        await redis.StopAsync();
        DateTimeOffset gone = DateTimeOffset.UtcNow;
        await LoadGenerator.RunForAsync(Outage);
        DateTimeOffset returning = DateTimeOffset.UtcNow;
        await redis.StartAgainAsync();
        DateTimeOffset back = DateTimeOffset.UtcNow;
        await LoadGenerator.RunForAsync(Recovery + AfterRecovery);
        LoadReport report = await load.StopAsync();

        RequestRecord[] during = [.. report.Requests.Where(request => request.Started > gone && request.Ended < returning)];
        RequestRecord[] reads = [.. report.Requests.Where(request => request.Kind == RequestKind.Read)];
        RequestRecord[] refused = [.. report.Failures];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{report}; during the outage: {during.Count(request => request.Kind == RequestKind.Read)} reads, " +
            $"{during.Count(request => request.Failed)} refused commits, slowest {during.Max(request => request.Duration).TotalMilliseconds:0} ms; " +
            $"last refusal {(refused.Max(request => request.Ended) - back).TotalSeconds:0.0} s after the return");

        report.AssertNothingLost();
        Assert.All(reads, request => Assert.False(request.Failed, request.ToString()));
        Assert.All(
            Windows(gone, returning),
            window => Assert.Contains(during, request => request.Kind == RequestKind.Read && request.Started >= window && request.Ended < window + Window));
        Assert.All(during.Where(request => request.Kind != RequestKind.Read), request => Assert.Equal(ServiceUnavailable, request.Status));
        Assert.All(refused, request => Assert.True(request is { Status: ServiceUnavailable, HasRetryAfter: true }, request.ToString()));
        Assert.All(refused, request => Assert.InRange(request.Ended, stopped, back + Recovery));
        Assert.Equal(members.Select(member => member.Id), cluster.Status.Members);
        Assert.All(members, member => Assert.True(member.IsAlive));
    }

    private static IEnumerable<DateTimeOffset> Windows(DateTimeOffset from, DateTimeOffset until)
    {
        for (DateTimeOffset window = from; window + Window < until; window += Window)
        {
            yield return window;
        }
    }
}
