namespace OrleansSessions.Contracts;

/// <summary>A request for a session's lock.</summary>
[GenerateSerializer, Immutable, Alias("session.lock-request")]
public sealed record SessionLockRequest
{
    /// <summary>A new random id for each request, the same for its repetitions.</summary>
    [Id(0)]
    public required Guid OperationId { get; init; }

    /// <summary>The secret of who asks.</summary>
    [Id(1)]
    public required byte[] Owner { get; init; }

    /// <summary>How long to keep the lock unless it is given back before. Default, and longest: <see cref="SessionLock.MaxLease"/>.</summary>
    [Id(2)]
    public TimeSpan Lease { get; init; } = SessionLock.MaxLease;

    /// <summary>How long to wait for those who have it or asked before. Default: not at all.</summary>
    [Id(3)]
    public TimeSpan Wait { get; init; }
}
