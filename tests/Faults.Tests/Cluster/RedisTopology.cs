namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Number of Redis servers, and how the primary is found.</summary>
internal enum RedisTopology
{
    /// <summary>One.</summary>
    Single,

    /// <summary>A primary and a replica, both named in the connection string.</summary>
    Pair,

    /// <summary>A primary and a replica, found through three sentinels.</summary>
    Sentinel,
}
