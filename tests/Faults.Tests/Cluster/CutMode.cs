namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>How a network loses packets.</summary>
internal enum CutMode
{
    /// <summary>Silently, as a broken cable does.</summary>
    Drop,

    /// <summary>With a refusal to the sender, as a firewall does.</summary>
    Reject,
}
