namespace OrleansSessions.LocalCluster.Failures;

/// <summary>The cluster could not start, for a reason that the message tells the user.</summary>
internal sealed class ClusterStartException : Exception
{
    public ClusterStartException(string message)
        : base(message)
    {
    }

    public ClusterStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
