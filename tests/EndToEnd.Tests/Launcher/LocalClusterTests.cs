using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Launcher;

/// <summary>The launcher leaves nothing behind, however it ends.</summary>
public sealed class LocalClusterTests
{
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData((int)Signal.Terminate)]
    [InlineData((int)Signal.Interrupt)]
    public async Task LocalCluster_ToldToStop_EndsAllItsMembersGracefully(int signal)
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions());
        IReadOnlyList<LiveProcess> members = cluster.FindMembers();

        int exitCode = await cluster.Launcher.StopAsync((Signal)signal, GoneWithin);

        Assert.Equal(0, exitCode);
        Assert.All(members, member => Assert.False(member.IsAlive));
        Assert.Empty(cluster.Launcher.Processes);
    }

    [Fact]
    public async Task LocalCluster_Killed_LeavesNoOrphans()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions());
        IReadOnlyList<LiveProcess> members = cluster.FindMembers();

        await cluster.Launcher.StopAsync(Signal.Kill, GoneWithin);

        TimeSpan gone = await Eventually.TrueAsync(
            "all members are gone", GoneWithin, () => !members.Any(member => member.IsAlive) && cluster.Launcher.Processes.Count == 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"Gone after {gone.TotalSeconds:0.0} s.");
    }

    [Fact]
    public async Task LocalCluster_ASiloKilledWithoutRestart_StaysDeadAndTheSessionLivesOn()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(LocalClusterOptions.Patient);
        using var browser = new Browser(cluster.Url);
        await browser.PutAsync("name", "value");
        string holder = (await browser.GetAsync()).Silo!;
        SiloStatus victim = cluster.Status.Silos.Single(silo => silo.Name == holder);

        cluster.Member(victim.Pid).Send(Signal.Kill);
        SessionView after = await browser.GetAsync();

        Assert.Equal("value", after["name"]);
        Assert.NotEqual(holder, after.Silo);
        await Eventually.TrueAsync("the status file shows it", GoneWithin, () => cluster.Status.Silos.All(silo => silo.Pid != victim.Pid));
    }

    [Fact]
    public async Task LocalCluster_WithCoHostedSilos_SharesSessionsToo()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { CoHost = true });
        using var browser = new Browser(cluster.Url);
        HashSet<string?> frontends = [];
        for (int i = 1; i <= 6; i++)
        {
            Assert.Equal(i, await browser.IncrementAsync("count"));
            SessionView view = await browser.GetAsync();
            Assert.Equal($"{i}", view["count"]);
            frontends.Add(view.Frontend);
        }

        Assert.Equal(3, frontends.Count);
        foreach (SiloStatus silo in cluster.Status.Silos)
        {
            await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync($"127.0.0.1:{silo.RespPort}");
            Assert.Equal(silo.Name != "silo-1", await connection.GetDatabase().KeyExistsAsync("key"));
            await connection.GetDatabase().StringSetAsync("key", silo.Name);
        }
    }

    [Fact]
    public async Task LocalCluster_WithAnUnknownOption_SaysSoAndFails()
    {
        await using ChildProcess process = ChildProcess.Start("localcluster", ["dotnet", Repository.Program("LocalCluster"), "--no-such-option"]);

        await Eventually.TrueAsync("it ends", GoneWithin, () => process.HasExited);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("--no-such-option", await process.ReadToEndAsync());
    }
}
