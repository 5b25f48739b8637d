namespace OrleansSessions.LocalCluster.Members;

/// <summary>Status of a member at one moment.</summary>
internal sealed record MemberStatus
{
    public required MemberDefinition Definition { get; init; }

    public required MemberState State { get; init; }

    /// <summary>Process id, or null if no process runs.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Exit code of the latest process that ended, or null.</summary>
    public int? ExitCode { get; init; }

    public string Name => Definition.Name;

    /// <summary>The current process has been ready at least once and was not asked to stop.</summary>
    public bool IsServing => State is MemberState.Ready or MemberState.NotReady;
}
