namespace OrleansSessions.LocalCluster.Status;

/// <summary>The content of the status file.</summary>
internal sealed record ClusterStatus
{
    /// <summary>
    /// The load balancer listens and the cluster serves: every member that is to run does. A member that ended and is not to be started again counts
    /// no more.
    /// </summary>
    public required bool Ready { get; init; }

    public required string Url { get; init; }

    /// <summary>Address of the Redis-protocol endpoint, or null when there is none.</summary>
    public required string? Resp { get; init; }

    public required string Redis { get; init; }

    /// <summary>The silos whose processes run.</summary>
    public required IReadOnlyList<SiloEntry> Silos { get; init; }

    /// <summary>The frontends whose processes run.</summary>
    public required IReadOnlyList<FrontendEntry> Frontends { get; init; }
}
