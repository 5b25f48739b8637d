using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Workloads;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Context of a nemesis: the cluster, and a record of its actions.</summary>
internal sealed class Scene(FaultCluster cluster, Workload workload, Random random)
{
    private static readonly TimeSpan QuorumRecovery = TimeSpan.FromSeconds(10);

    private readonly List<ServiceMember> _disturbed = [];
    private readonly ConcurrentQueue<(long From, long Until)> _excused = new();
    private readonly ConcurrentQueue<(long At, string What)> _deeds = new();
    private readonly ConcurrentQueue<string> _disappointments = new();
    private long? _quorumLost;

    public FaultCluster Cluster { get; } = cluster;

    public Workload Workload { get; } = workload;

    public Random Random { get; } = random;

    /// <summary>Its actions with their times.</summary>
    public IReadOnlyCollection<(long At, string What)> Deeds => _deeds;

    /// <summary>Other broken guarantees.</summary>
    public IReadOnlyCollection<string> Disappointments => _disappointments;

    /// <summary>The data lost by Redis.</summary>
    public Loss? Loss { get; set; }

    public ServiceMember AnySilo() => Cluster.Silos[Random.Next(Cluster.Silos.Count)];

    public ServiceMember AnyOther(ServiceMember silo)
    {
        ServiceMember[] others = [.. Cluster.Silos.Where(other => other != silo)];
        return others[Random.Next(others.Length)];
    }

    /// <summary>Returns a random duration.</summary>
    public TimeSpan Between(double fromSeconds, double untilSeconds) => TimeSpan.FromSeconds(fromSeconds + (Random.NextDouble() * (untilSeconds - fromSeconds)));

    public void Say(string deed) => _deeds.Enqueue((Stopwatch.GetTimestamp(), deed));

    public void Expect(bool isSo, string promise)
    {
        if (!isSo)
        {
            _disappointments.Enqueue(promise);
        }
    }

    /// <summary>Runs an action during which, and for a while after, requests may fail.</summary>
    public async Task ExcuseAsync(TimeSpan longer, Func<Task> act)
    {
        long from = Stopwatch.GetTimestamp();
        await act();
        Excuse(from, longer);
    }

    /// <summary>Disturbs a silo. Requests may fail while most silos are disturbed, and for a while after.</summary>
    public async Task DisturbAsync(ServiceMember silo, Func<Task> act)
    {
        lock (_disturbed)
        {
            _disturbed.Add(silo);
            if (IsQuorumLost)
            {
                _quorumLost ??= Stopwatch.GetTimestamp();
            }
        }

        try
        {
            await act();
        }
        finally
        {
            lock (_disturbed)
            {
                _disturbed.Remove(silo);
                if (!IsQuorumLost && _quorumLost is { } from)
                {
                    _quorumLost = null;
                    Excuse(from, QuorumRecovery);
                }
            }
        }
    }

    /// <summary>Whether a request that ended at this time may have failed.</summary>
    public bool IsExcused(long ended) => _excused.Any(time => ended >= time.From && ended <= time.Until);

    private bool IsQuorumLost => _disturbed.Distinct().Count() * 2 > Cluster.Silos.Count;

    private void Excuse(long from, TimeSpan longer) => _excused.Enqueue((from, Stopwatch.GetTimestamp() + (long)(longer.TotalSeconds * Stopwatch.Frequency)));
}
