namespace OrleansSessions.Grains.State;

/// <summary>Applied call, remembered so that a retry is answered and not applied again.</summary>
internal readonly record struct AppliedOperation
{
    /// <summary>The call's operation id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The call's deadline, in Unix milliseconds. A later retry is refused by the clock, so the operation can then be forgotten.</summary>
    public required long UntilMs { get; init; }

    /// <summary>The resulting version; 0 if it ended the session or belongs to an earlier incarnation under the same key.</summary>
    public required long Version { get; init; }

    /// <summary>The sums in its answer; null: none.</summary>
    public long[]? Numbers { get; init; }
}
