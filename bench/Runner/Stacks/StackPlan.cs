namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>A way to run the application.</summary>
/// <param name="Name">Short, for files and the command line.</param>
/// <param name="Title">For tables.</param>
/// <param name="Kind">What the application is written for.</param>
/// <param name="Home">Where its sessions are.</param>
internal sealed record StackPlan(string Name, string Title, FrontendKind Kind, SessionHome Home)
{
    public int Frontends { get; init; } = 1;

    /// <summary>Silos in processes of their own.</summary>
    public int Silos { get; init; }

    /// <summary>What its silos and clients find each other by. With another one, new silos need not see the old ones off.</summary>
    public string ClusterId { get; init; } = "bench";

    public Balancing Balancing { get; init; }

    /// <summary>Whether a request locks its session, where that is a choice (PHP).</summary>
    public bool Locks { get; init; }

    /// <summary>Whether it is also measured in a quick run.</summary>
    public bool IsQuick { get; init; }

    public bool UsesCluster => Home is not (SessionHome.RedisCache or SessionHome.RedisCacheOnThreadPool or SessionHome.Redis);

    public override string ToString() => Name;
}
