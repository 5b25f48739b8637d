namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>The two ports of a silo.</summary>
public enum ClusterPort
{
    /// <summary>The port for other silos. Both ends must have a silo's certificate.</summary>
    Silo,

    /// <summary>The port for clients. The client's certificate may be any of the cluster's authority.</summary>
    Gateway,
}
