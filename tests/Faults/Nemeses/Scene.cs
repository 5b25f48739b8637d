using System.Diagnostics;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Where a nemesis acts, and what it says of its doing.</summary>
internal sealed class Scene(FaultCluster cluster, Random random)
{
    private readonly List<(long From, long Until)> _excused = [];
    private readonly List<(long At, string What)> _deeds = [];

    public FaultCluster Cluster { get; } = cluster;

    public Random Random { get; } = random;

    /// <summary>What it did, and when.</summary>
    public IReadOnlyList<(long At, string What)> Deeds => _deeds;

    public SiloMember AnySilo() => Cluster.Silos[Random.Next(Cluster.Silos.Count)];

    public void Say(string deed) => _deeds.Add((Stopwatch.GetTimestamp(), deed));

    /// <summary>Does something meanwhile requests may fail, and for a while longer.</summary>
    public async Task ExcuseAsync(TimeSpan longer, Func<Task> act)
    {
        long from = Stopwatch.GetTimestamp();
        await act();
        _excused.Add((from, Stopwatch.GetTimestamp() + (long)(longer.TotalSeconds * Stopwatch.Frequency)));
    }

    /// <summary>Whether a request that ended then may have failed.</summary>
    public bool IsExcused(long ended) => _excused.Any(time => ended >= time.From && ended <= time.Until);
}
