namespace OrleansSessions.LocalCluster.Options;

/// <summary>What the command line asks for.</summary>
internal sealed record ClusterOptions
{
    /// <summary>Port of the load balancer on localhost; 0 picks a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Number of silo processes. Without meaning when frontends host the silos.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>Number of frontend processes.</summary>
    public int Frontends { get; init; } = 3;

    /// <summary>Each frontend hosts a silo in its own process; there are no silo processes.</summary>
    public bool CoHost { get; init; }

    /// <summary>Port of the Redis-protocol endpoint on localhost; 0: none.</summary>
    public int RespPort { get; init; } = 6380;

    /// <summary>Connection string of a Redis server to use, or null to embed a store. May contain a password.</summary>
    public string? Redis { get; init; }

    /// <summary>Directory of the embedded store's data and the members' logs, or null for the user's own.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>File to describe the running cluster in, or null.</summary>
    public string? StatusFile { get; init; }

    /// <summary>Start a member again when it ends unexpectedly.</summary>
    public bool Restart { get; init; }
}
