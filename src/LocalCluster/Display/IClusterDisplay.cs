using OrleansSessions.LocalCluster.Status;

namespace OrleansSessions.LocalCluster.Display;

/// <summary>Display of the cluster's progress. Thread-safe.</summary>
internal interface IClusterDisplay : IAsyncDisposable
{
    /// <summary>Shows the current state of the members.</summary>
    void Show(ClusterView view);

    /// <summary>Shows a message.</summary>
    void Say(string message);

    /// <summary>Shows a warning.</summary>
    void Warn(string message);
}
