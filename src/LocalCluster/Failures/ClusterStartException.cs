using System.Globalization;

namespace OrleansSessions.LocalCluster.Failures;

/// <summary>Start-up failure of the cluster; the message tells the user the reason.</summary>
internal sealed class ClusterStartException : Exception
{
    public ClusterStartException(string message)
        : base(message)
    {
    }

    public ClusterStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A chosen port is taken.</summary>
    public static ClusterStartException PortInUse(int port, string option, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture, $"port {port} is already in use. Stop what listens there, or choose another with {option}."), cause);
}
