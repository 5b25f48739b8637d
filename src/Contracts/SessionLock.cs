namespace OrleansSessions.Contracts;

/// <summary>Held lock of a session.</summary>
[GenerateSerializer, Immutable, Alias("session.lock-state")]
public sealed record SessionLock
{
    /// <summary>Maximum and default lease: one hour.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    /// <summary>The owner's secret, which is needed to release the lock.</summary>
    [Id(0)]
    public required byte[] Owner { get; init; }

    /// <summary>When the lock expires (UTC).</summary>
    [Id(1)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The request that acquired it.</summary>
    [Id(2)]
    public Guid OperationId { get; init; }
}
