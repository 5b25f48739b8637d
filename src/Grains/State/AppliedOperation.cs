namespace OrleansSessions.Grains.State;

/// <summary>A call that was applied, remembered so that a repetition is answered and not applied again.</summary>
internal readonly record struct AppliedOperation
{
    /// <summary>The call's operation id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The call's deadline, in Unix milliseconds. A repetition that arrives later is refused by the clock, so the operation can be forgotten.</summary>
    public required long UntilMs { get; init; }

    /// <summary>The version that it made; 0 if it ended the session or belongs to an earlier incarnation under the same key.</summary>
    public required long Version { get; init; }

    /// <summary>The sums that it answered; null if there were none.</summary>
    public long[]? Numbers { get; init; }
}
