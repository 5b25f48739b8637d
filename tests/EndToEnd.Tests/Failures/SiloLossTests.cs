using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Silos that end, one at a time, while 16 clients read and write.</summary>
[Collection(typeof(AloneCollection))]
public sealed class SiloLossTests
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReplaceTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What a killed silo may cost the slowest request: it is noticed within 3 s, and calls in flight are then retried.
    /// Twice that, of the cheapest of several kills, because a shared machine stalls now and then.
    /// </summary>
    private static readonly TimeSpan CostOfAKill = TimeSpan.FromSeconds(8);

    /// <summary>What a silo that shuts down may cost the slowest request, in the cheapest of several shutdowns: less than the time in which a kill is noticed.</summary>
    private static readonly TimeSpan CostOfLeaving = TimeSpan.FromSeconds(2);

    private const int MaxLeavings = 5;

    /// <summary>E2E_KILLS: number of kills; longer runs are for releases.</summary>
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("E2E_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 3;

    [Fact]
    public async Task Silo_KilledUnderLoad_CostsNoRequestAndNoAcknowledgedWrite()
    {
        TimeSpan[] costs = await ReplaceSilosUnderLoadAsync(Signal.Kill, Kills);

        Assert.InRange(costs.Min(), TimeSpan.Zero, CostOfAKill);
    }

    [Fact]
    public async Task Silos_RestartedInTurnUnderLoad_CostNoRequestAndNoAcknowledgedWrite()
    {
        TimeSpan[] costs = await ReplaceSilosUnderLoadAsync(Signal.Terminate, times: 2);

        Assert.InRange(costs.Min(), TimeSpan.Zero, CostOfAKill);
    }

    [Fact]
    public async Task Silo_TerminatedUnderLoad_CostsNoRequestAndHardlyAnyTime()
    {
        List<TimeSpan> costs = [];
        do
        {
            LoadReport report = await TerminateSiloUnderLoadAsync();
            report.AssertFlawless();
            costs.Add(report.Slowest);
        }
        while (costs.Count < MaxLeavings && costs.Min() > CostOfLeaving);

        Assert.InRange(costs.Min(), TimeSpan.Zero, CostOfLeaving);
    }

    private static async Task<LoadReport> TerminateSiloUnderLoadAsync()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(LocalClusterOptions.Patient);
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Url);
        await load.WarmUpAsync();
        LiveProcess leaving = cluster.Member(cluster.Status.Silos[0].Pid);

        leaving.Send(Signal.Terminate);
        TimeSpan left = await Eventually.TrueAsync("it has left", ReplaceTimeout, () => !leaving.IsAlive);
        await LoadGenerator.RunForAsync(Settle);
        LoadReport report = await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"The silo took {left.TotalSeconds:0.0} s to leave.");
        return report;
    }

    /// <summary>Returns the duration of the slowest request after each loss.</summary>
    private static async Task<TimeSpan[]> ReplaceSilosUnderLoadAsync(Signal signal, int times)
    {
        List<TimeSpan> costs = [];
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(LocalClusterOptions.Patient with { Restart = true });
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Url);
        await load.WarmUpAsync();
        for (int i = 0; i < times; i++)
        {
            SiloStatus victim = cluster.Status.Silos[i % cluster.Status.Silos.Count];
            DateTimeOffset ended = DateTimeOffset.UtcNow;
            cluster.Member(victim.Pid).Send(signal);
            TimeSpan replaced = await cluster.ReplacedAsync(victim, ReplaceTimeout);

            // Wait until the cluster has accepted the successor before the next loss: the guarantee covers one loss at a time.
            await LoadGenerator.RunForAsync(Settle);
            costs.Add(load.Requests.Where(request => request.Ended > ended).Max(request => request.Duration));
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{signal} {victim.Name} at {ended:HH:mm:ss.fff}: slowest request {costs[^1].TotalMilliseconds:0} ms, replaced after {replaced.TotalSeconds:0.0} s");
        }

        (await load.StopAsync()).AssertFlawless();
        return [.. costs];
    }
}
