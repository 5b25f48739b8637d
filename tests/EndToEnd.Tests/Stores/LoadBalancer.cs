namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Load balancer in front of the frontends.</summary>
public enum LoadBalancer
{
    /// <summary>The local cluster's own.</summary>
    Yarp,

    /// <summary>nginx.</summary>
    Nginx,
}
