using OrleansSessions.LocalCluster.Status;

namespace OrleansSessions.LocalCluster.Display;

/// <summary>Shows the user what goes on. Calls may come from any thread.</summary>
internal interface IClusterDisplay : IAsyncDisposable
{
    /// <summary>Shows the present state of the members.</summary>
    void Show(ClusterView view);

    /// <summary>Shows a message.</summary>
    void Say(string message);

    /// <summary>Shows something that went wrong.</summary>
    void Warn(string message);
}
