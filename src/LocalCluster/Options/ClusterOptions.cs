namespace OrleansSessions.LocalCluster.Options;

/// <summary>Options from the command line.</summary>
internal sealed record ClusterOptions
{
    /// <summary>Port of the load balancer on localhost; 0 picks a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Number of silo processes. Ignored if frontends host the silos.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>Number of frontend processes.</summary>
    public int Frontends { get; init; } = 3;

    /// <summary>Each frontend hosts a silo in its own process; there are no silo processes.</summary>
    public bool CoHost { get; init; }

    /// <summary>Port of the Redis-protocol endpoint on localhost; 0 turns it off.</summary>
    public int RespPort { get; init; } = 6380;

    /// <summary>Connection string of a Redis server to use, or null to embed a store. May contain a password.</summary>
    public string? Redis { get; init; }

    /// <summary>Port of the embedded store on localhost; 0 picks a free one.</summary>
    public int StorePort { get; init; }

    /// <summary>Directory of the embedded store's data and the members' logs, or null for the user's default.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>File for the running cluster's description, or null.</summary>
    public string? StatusFile { get; init; }

    /// <summary>Restart members that end unexpectedly.</summary>
    public bool Restart { get; init; }

    /// <summary>Let visitors shop and kill silos.</summary>
    public bool Demo { get; init; }

    /// <summary>Returns what is wrong with the combination of options.</summary>
    public IEnumerable<string> Validate()
    {
        if (Demo && (CoHost || Silos < 2))
        {
            yield return "--demo kills silos, so it needs at least two that are processes of their own: --silos 2 or more, without --cohost";
        }

        if (StorePort != 0 && Redis is not null)
        {
            yield return "--store-port is the embedded store's, but --redis names another store: leave one of them out";
        }
    }
}
