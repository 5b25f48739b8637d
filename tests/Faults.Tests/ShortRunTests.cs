using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Nemeses;
using OrleansSessions.Faults.Tests.Runs;
using Xunit;

namespace OrleansSessions.Faults.Tests;

/// <summary>The most common faults, briefly, with fixed seeds. <c>faults.sh</c> runs all of them for any length of time.</summary>
public sealed class ShortRunTests(ShortRunCluster cluster) : IClassFixture<ShortRunCluster>
{
    /// <summary>A busy machine makes everything slower, not wrong.</summary>
    private const int Tolerance = 4;

    private static readonly Nemesis[] Nemeses =
    [
        Catalogue.Find("kill"),
        SiloNemeses.Freeze("freeze-briefly", "freeze of a silo, 4 to 8 s", 4, 8),
        CutNemeses.Silos("cut-silos-briefly", "silos cut from each other for 8 s", static (cuts, one, other) => cuts.Between(one, other), TimeSpan.FromSeconds(8)),
        CutNemeses.Redis("cut-redis-briefly", "a silo cut from Redis for 8 s", 8, static (cuts, silo, redis) => cuts.Between(silo, redis), handoverSeconds: 8),
        Catalogue.Find("redis-kill"),
    ];

    public static TheoryData<string> Names => [.. Nemeses.Select(nemesis => nemesis.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sessions_DuringAFault_KeepEveryPromise(string name)
    {
        FaultCluster.Require();
        Nemesis nemesis = Nemeses.Single(nemesis => nemesis.Name == name);
        List<string> report = [];

        RunResult result = await cluster.RunAsync(nemesis, report.Add);

        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join('\n', report)}\n{ResultTable.Write([result])}");
        Assert.Equal((0, 0, 0), (result.Stale, result.Lost, result.Twice));
        Assert.Equal(0, result.Disappointments);
        Assert.Equal(0, result.Failed);
        Assert.InRange(result.Slowest, TimeSpan.Zero, Tolerance * nemesis.Slowest);
    }
}
