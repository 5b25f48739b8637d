namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Distribution of requests over the frontends.</summary>
internal enum Balancing
{
    /// <summary>One frontend, called directly; for PHP, through its web server.</summary>
    None,

    /// <summary>Round robin: the worst case.</summary>
    RoundRobin,

    /// <summary>By session cookie: a session stays on one frontend. Nothing depends on it.</summary>
    Cookie,
}
