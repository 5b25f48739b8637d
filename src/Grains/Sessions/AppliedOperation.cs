namespace OrleansSessions.Grains.Sessions;

/// <summary>A commit that was applied, remembered so that a repetition is answered and not applied again.</summary>
internal readonly record struct AppliedOperation
{
    /// <summary>The commit's operation id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was applied, in Unix milliseconds.</summary>
    public required long AtMs { get; init; }

    /// <summary>The version that it made; 0 if it belongs to an earlier incarnation under the same key.</summary>
    public required long Version { get; init; }

    /// <summary>The sums that it answered; null if there were none.</summary>
    public long[]? Numbers { get; init; }
}
