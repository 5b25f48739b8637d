namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Which members a cluster has.</summary>
internal sealed record Layout
{
    /// <summary>How many silos there are beside the frontends. None: the frontends are the silos.</summary>
    public int Silos { get; init; } = 2;

    public int Frontends { get; init; } = 2;

    /// <summary>How silos and frontends reach Redis.</summary>
    public RedisTopology Redis { get; init; }
}
