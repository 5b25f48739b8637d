namespace OrleansSessions.Contracts;

/// <summary>A lock that somebody has.</summary>
[GenerateSerializer, Immutable, Alias("session.lock-state")]
public sealed record SessionLock
{
    /// <summary>The longest lease, and that of a request that names none: one hour.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    /// <summary>The owner's secret: whoever shows it may give the lock back.</summary>
    [Id(0)]
    public required byte[] Owner { get; init; }

    /// <summary>When the lock ends by itself (UTC).</summary>
    [Id(1)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The request that got it.</summary>
    [Id(2)]
    public Guid OperationId { get; init; }
}
