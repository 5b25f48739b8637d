namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>How many Redis there are and how the one to use is found.</summary>
internal enum RedisTopology
{
    /// <summary>One.</summary>
    Single,

    /// <summary>A primary and a replica, both named in the connection string.</summary>
    Pair,

    /// <summary>A primary and a replica, found through three sentinels.</summary>
    Sentinel,
}
