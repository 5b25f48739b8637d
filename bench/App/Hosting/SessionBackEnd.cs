namespace OrleansSessions.Bench.App.Hosting;

/// <summary>Session back end of this application.</summary>
internal enum SessionBackEnd
{
    /// <summary>ASP.NET Core's session middleware over Redis: the peer.</summary>
    RedisCache,

    /// <summary>The same, with Redis' replies handled on the runtime's thread pool instead of the client library's own threads, as in the cluster's silos.</summary>
    RedisCacheOnThreadPool,

    /// <summary>ASP.NET Core's session middleware over the cluster's <c>ISessionStore</c>.</summary>
    Store,

    /// <summary>The cluster's own middleware, as a client of silos.</summary>
    Client,

    /// <summary>The cluster's own middleware, with a silo in this process.</summary>
    CoHost,
}
