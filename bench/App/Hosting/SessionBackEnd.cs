namespace OrleansSessions.Bench.App.Hosting;

/// <summary>Where this application keeps its sessions.</summary>
internal enum SessionBackEnd
{
    /// <summary>ASP.NET Core's session middleware over Redis: the peer.</summary>
    RedisCache,

    /// <summary>The same, with Redis' answers handled by the runtime's thread pool instead of the client library's own threads, as the cluster's silos have it.</summary>
    RedisCacheOnThreadPool,

    /// <summary>ASP.NET Core's session middleware over the cluster's <c>ISessionStore</c>.</summary>
    Store,

    /// <summary>The cluster's own middleware, as a client of silos.</summary>
    Client,

    /// <summary>The cluster's own middleware, with a silo in this process.</summary>
    CoHost,
}
