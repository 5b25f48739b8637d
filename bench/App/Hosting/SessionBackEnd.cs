namespace OrleansSessions.Bench.App.Hosting;

/// <summary>Where this application keeps its sessions.</summary>
internal enum SessionBackEnd
{
    /// <summary>ASP.NET Core's session middleware over Redis: the peer.</summary>
    RedisCache,

    /// <summary>ASP.NET Core's session middleware over the cluster's <c>ISessionStore</c>.</summary>
    Store,

    /// <summary>The cluster's own middleware, as a client of silos.</summary>
    Client,

    /// <summary>The cluster's own middleware, with a silo in this process.</summary>
    CoHost,
}
