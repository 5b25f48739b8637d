namespace OrleansSessions.LocalCluster.Status;

/// <summary>Content of the status file.</summary>
internal sealed record ClusterStatus
{
    /// <summary>
    /// The load balancer listens and every expected member serves. A member that ended and will not be restarted is no longer expected.
    /// </summary>
    public required bool Ready { get; init; }

    public required string Url { get; init; }

    /// <summary>Address of the Redis-protocol endpoint, or null if there is none.</summary>
    public required string? Resp { get; init; }

    public required string Redis { get; init; }

    /// <summary>The silos with a running process.</summary>
    public required IReadOnlyList<SiloEntry> Silos { get; init; }

    /// <summary>The frontends with a running process.</summary>
    public required IReadOnlyList<FrontendEntry> Frontends { get; init; }
}
