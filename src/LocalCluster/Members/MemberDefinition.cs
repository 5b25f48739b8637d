namespace OrleansSessions.LocalCluster.Members;

/// <summary>What is needed to start a member, and to start it again.</summary>
internal sealed record MemberDefinition
{
    public required string Name { get; init; }

    public required MemberRole Role { get; init; }

    /// <summary>Path of the program's assembly.</summary>
    public required string Assembly { get; init; }

    /// <summary>Where it listens for HTTP.</summary>
    public required Uri Url { get; init; }

    /// <summary>The silo it hosts, or null.</summary>
    public SiloPorts? Silo { get; init; }

    /// <summary>Its settings, as environment variables. They may contain a password.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}
