namespace OrleansSessions.Contracts;

/// <summary>Request for a session's lock.</summary>
[GenerateSerializer, Immutable, Alias("session.lock-request")]
public sealed record SessionLockRequest
{
    /// <summary>A new random id for each request, the same for its retries.</summary>
    [Id(0)]
    public required Guid OperationId { get; init; }

    /// <summary>The requester's secret.</summary>
    [Id(1)]
    public required byte[] Owner { get; init; }

    /// <summary>How long to hold the lock unless it is released before. Default and maximum: <see cref="SessionLock.MaxLease"/>.</summary>
    [Id(2)]
    public TimeSpan Lease { get; init; } = SessionLock.MaxLease;

    /// <summary>How long to wait for earlier requests and the current owner. Default: not at all.</summary>
    [Id(3)]
    public TimeSpan Wait { get; init; }
}
