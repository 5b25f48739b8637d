namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>How packets are lost.</summary>
internal enum CutMode
{
    /// <summary>Silently, like a broken cable.</summary>
    Drop,

    /// <summary>With a reject to the sender, like a firewall.</summary>
    Reject,
}
