namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Session store of a frontend. The first five are the values of the application's <c>Bench:BackEnd</c>.</summary>
internal enum SessionHome
{
    /// <summary>ASP.NET Core's session middleware over Redis.</summary>
    RedisCache,

    /// <summary>The same, with Redis' replies handled on the runtime's thread pool.</summary>
    RedisCacheOnThreadPool,

    /// <summary>ASP.NET Core's session middleware over the cluster's store.</summary>
    Store,

    /// <summary>The cluster, as its client.</summary>
    Client,

    /// <summary>The cluster, with the frontend as one of its silos.</summary>
    CoHost,

    /// <summary>Redis, with the language's own session library.</summary>
    Redis,

    /// <summary>The cluster's Redis-protocol endpoint, with the language's own session library.</summary>
    Endpoint,
}
