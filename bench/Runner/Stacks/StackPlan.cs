namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Plan of a stack: one way to run the application.</summary>
/// <param name="Name">Short name for files and the command line.</param>
/// <param name="Title">Title in tables.</param>
/// <param name="Kind">The platform of the application.</param>
/// <param name="Home">The session store.</param>
internal sealed record StackPlan(string Name, string Title, FrontendKind Kind, SessionHome Home)
{
    public int Frontends { get; init; } = 1;

    /// <summary>Number of silos in their own processes.</summary>
    public int Silos { get; init; }

    /// <summary>CPU limit of each silo, a co-hosting frontend too.</summary>
    public CoreLimit CoreLimit { get; init; }

    /// <summary>Cluster id of its silos and clients. With a new id, new silos need not wait for the old ones' death.</summary>
    public string ClusterId { get; init; } = "bench";

    public Balancing Balancing { get; init; }

    /// <summary>Whether a request locks its session, where that is configurable (PHP).</summary>
    public bool Locks { get; init; }

    /// <summary>Whether the application reaches its session store through a Unix socket (PHP).</summary>
    public bool UsesUnixSocket { get; init; }

    /// <summary>Whether a quick run includes it.</summary>
    public bool IsQuick { get; init; }

    public bool UsesCluster => Home is not (SessionHome.RedisCache or SessionHome.RedisCacheOnThreadPool or SessionHome.Redis);

    /// <summary>Whether its application signs users in, which takes the cluster's own middleware.</summary>
    public bool SignsIn => Home is SessionHome.Client or SessionHome.CoHost;

    public override string ToString() => Name;
}
