namespace OrleansSessions.LocalCluster.Members;

/// <summary>Everything needed to start or restart a member.</summary>
internal sealed record MemberDefinition
{
    public required string Name { get; init; }

    public required MemberRole Role { get; init; }

    /// <summary>Path of the program's assembly.</summary>
    public required string Assembly { get; init; }

    /// <summary>The URL it serves HTTP on.</summary>
    public required Uri Url { get; init; }

    /// <summary>The silo it hosts, or null.</summary>
    public SiloPorts? Silo { get; init; }

    /// <summary>Its settings, as environment variables. They may contain a password.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}
