namespace OrleansSessions.Grains.Sessions;

/// <summary>A commit that was applied, remembered so that a repetition is answered and not applied again.</summary>
[GenerateSerializer, Immutable, Alias("session.operation")]
internal readonly record struct AppliedOperation
{
    /// <summary>The commit's operation id.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>When it was applied, in Unix milliseconds.</summary>
    [Id(1)]
    public required long AtMs { get; init; }

    /// <summary>The version that it made; 0 if it belongs to an earlier incarnation under the same key.</summary>
    [Id(2)]
    public required long Version { get; init; }

    /// <summary>The sums that it answered; null if there were none.</summary>
    [Id(3)]
    public long[]? Numbers { get; init; }
}
