namespace OrleansSessions.LocalCluster.Members;

/// <summary>What a member's process says of itself.</summary>
internal enum MemberHealth
{
    /// <summary>It does not answer.</summary>
    Silent,

    /// <summary>It answers that it is not ready.</summary>
    Answering,

    /// <summary>It answers that it is ready.</summary>
    Ready,
}
