namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Members of a cluster.</summary>
internal sealed record Layout
{
    /// <summary>The number of silos beside the frontends. 0: the frontends host the silos.</summary>
    public int Silos { get; init; } = 2;

    public int Frontends { get; init; } = 2;

    /// <summary>How silos and frontends reach Redis.</summary>
    public RedisTopology Redis { get; init; }
}
