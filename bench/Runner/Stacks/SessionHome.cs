namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Where a frontend keeps its sessions. The first five are the values of the application's <c>Bench:BackEnd</c>.</summary>
internal enum SessionHome
{
    /// <summary>ASP.NET Core's session middleware over Redis.</summary>
    RedisCache,

    /// <summary>The same, with Redis' answers handled by the runtime's thread pool.</summary>
    RedisCacheOnThreadPool,

    /// <summary>ASP.NET Core's session middleware over the cluster's store.</summary>
    Store,

    /// <summary>The cluster, as a client of it.</summary>
    Client,

    /// <summary>The cluster, which the frontend is a silo of.</summary>
    CoHost,

    /// <summary>Redis, by the language's own session library.</summary>
    Redis,

    /// <summary>The cluster's Redis-protocol endpoint, by the language's own session library.</summary>
    Endpoint,
}
