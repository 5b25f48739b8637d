namespace OrleansSessions.LocalCluster.Failures;

/// <summary>Start-up failure of the cluster; the message tells the user the reason.</summary>
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
