using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Load;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Silos that end while 16 clients read and write, and come back.</summary>
[Collection(typeof(AloneCollection))]
public sealed class SiloLossTests
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReplaceTimeout = TimeSpan.FromSeconds(60);

    /// <summary>E2E_KILLS: how often; the longer runs are for before a release.</summary>
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("E2E_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 3;

    [Fact]
    public async Task Silo_KilledUnderLoad_CostsNoRequestAndNoAcknowledgedWrite()
    {
        LoadReport report = await EndSilosUnderLoadAsync(Signal.Kill, Kills);

        report.AssertFlawless(slowest: TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Silo_TerminatedUnderLoad_CostsNoRequestAndHardlyAnyTime()
    {
        LoadReport report = await EndSilosUnderLoadAsync(Signal.Terminate, times: 2);

        report.AssertFlawless(slowest: TimeSpan.FromSeconds(1));
    }

    private static async Task<LoadReport> EndSilosUnderLoadAsync(Signal signal, int times)
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Restart = true });
        await using LoadGenerator load = await LoadGenerator.StartAsync(cluster.Url);
        await LoadGenerator.RunForAsync(WarmUp);
        for (int i = 0; i < times; i++)
        {
            SiloStatus victim = cluster.Status.Silos[i % cluster.Status.Silos.Count];
            DateTimeOffset ended = DateTimeOffset.UtcNow;
            LocalClusterProcess.Send(victim, signal);
            TimeSpan replaced = await cluster.ReplacedAsync(victim, ReplaceTimeout);

            // The next one is ended when the cluster has taken in this one's successor: one loss at a time is what is promised.
            await LoadGenerator.RunForAsync(Settle);
            TimeSpan slowest = load.Requests.Where(request => request.Ended > ended).Max(request => request.Duration);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{signal} {victim.Name}: slowest request {slowest.TotalMilliseconds:0} ms, replaced after {replaced.TotalSeconds:0.0} s");
        }

        return await load.StopAsync();
    }
}
