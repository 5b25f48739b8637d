namespace OrleansSessions.LocalCluster.Members;

internal enum MemberState
{
    /// <summary>The process runs and has not been ready yet.</summary>
    Starting,

    /// <summary>The process reports ready.</summary>
    Ready,

    /// <summary>The process was ready and is no longer.</summary>
    NotReady,

    /// <summary>The process ended unexpectedly and will be restarted.</summary>
    Restarting,

    /// <summary>The process was asked to stop.</summary>
    Stopping,

    /// <summary>The process ended as requested.</summary>
    Stopped,

    /// <summary>The process ended unexpectedly and will not be restarted.</summary>
    Ended,
}
