namespace OrleansSessions.LocalCluster.Members;

/// <summary>A member at one moment.</summary>
internal sealed record MemberStatus
{
    public required MemberDefinition Definition { get; init; }

    public required MemberState State { get; init; }

    /// <summary>Id of its process, or null while it has none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>How its latest process ended, or null when none has.</summary>
    public int? ExitCode { get; init; }

    public string Name => Definition.Name;

    /// <summary>Its present process has been ready at least once and has not been asked to stop.</summary>
    public bool IsServing => State is MemberState.Ready or MemberState.NotReady;
}
