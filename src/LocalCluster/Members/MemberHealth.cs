namespace OrleansSessions.LocalCluster.Members;

/// <summary>Health reported by a member's process.</summary>
internal enum MemberHealth
{
    /// <summary>No response.</summary>
    Silent,

    /// <summary>Responds, not ready.</summary>
    Answering,

    /// <summary>Ready.</summary>
    Ready,
}
