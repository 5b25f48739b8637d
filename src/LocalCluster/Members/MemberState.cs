namespace OrleansSessions.LocalCluster.Members;

internal enum MemberState
{
    /// <summary>The process runs and has not been ready yet.</summary>
    Starting,

    /// <summary>The process answers that it is ready.</summary>
    Ready,

    /// <summary>The process was ready, and does not answer so any more.</summary>
    NotReady,

    /// <summary>The process ended unexpectedly and is about to be started again.</summary>
    Restarting,

    /// <summary>The process was asked to stop.</summary>
    Stopping,

    /// <summary>The process ended after it was asked to.</summary>
    Stopped,

    /// <summary>The process ended unexpectedly, and stays so.</summary>
    Ended,
}
