namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>The two ports of a silo.</summary>
public enum ClusterPort
{
    /// <summary>The port for other silos. Both ends must have a silo's certificate.</summary>
    Silo,

    /// <summary>The port for clients. Any certificate of the cluster's authority is accepted.</summary>
    Gateway,
}
