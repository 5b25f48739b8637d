namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>What stands before the frontends.</summary>
public enum LoadBalancer
{
    /// <summary>The local cluster's own.</summary>
    Yarp,

    /// <summary>A real nginx.</summary>
    Nginx,
}
