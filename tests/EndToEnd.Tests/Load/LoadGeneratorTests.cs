using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Tests of the load generator: it must detect real errors.</summary>
public sealed class LoadGeneratorTests
{
    private static readonly LoadOptions Options = new() { Clients = 4, SharedSessions = 2, Pause = TimeSpan.FromMilliseconds(1), MaxRequestsPerClient = 200 };

    [Fact]
    public async Task Load_OnACorrectServer_ReportsNothing()
    {
        await using SessionServerStub server = await SessionServerStub.StartAsync();

        LoadReport report = await RunAsync(server);

        report.AssertFlawless();
        Assert.Equal(Options.Clients * Options.MaxRequestsPerClient, report.Requests.Count);
    }

    [Fact]
    public async Task Load_OnAServerThatLosesOneWrite_ReportsIt()
    {
        await using SessionServerStub server = await SessionServerStub.StartAsync();
        int writes = 0;
        server.Loses = name => name.StartsWith("client-", StringComparison.Ordinal) && Interlocked.Increment(ref writes) == 100;

        LoadReport report = await RunAsync(server);

        Assert.NotEmpty(report.Violations);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public async Task Load_OnAServerThatRefusesAWrite_ReportsAFailureAndNoLoss()
    {
        await using SessionServerStub server = await SessionServerStub.StartAsync();
        int writes = 0;
        server.Refuses = name => name.StartsWith("client-", StringComparison.Ordinal) && Interlocked.Increment(ref writes) == 100;

        LoadReport report = await RunAsync(server);

        Assert.Equal(503, Assert.Single(report.Failures).Status);
        Assert.Empty(report.Violations);
    }

    private static async Task<LoadReport> RunAsync(SessionServerStub server)
    {
        await using LoadGenerator load = await LoadGenerator.StartAsync(server.Url, Options);
        await Eventually.TrueAsync(
            "every client made its requests", TimeSpan.FromSeconds(60), () => load.Count == Options.Clients * Options.MaxRequestsPerClient);
        return await load.StopAsync();
    }
}
