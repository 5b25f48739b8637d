using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>The end of a session, as stored in its <see cref="SessionState"/>.</summary>
[GenerateSerializer, Immutable, Alias("session.ending")]
internal sealed record SessionEnding
{
    /// <summary>Why it ended; without meaning after a rotation.</summary>
    [Id(0)]
    public EndReason Reason { get; init; }

    /// <summary>When the tombstone is removed, in Unix milliseconds.</summary>
    [Id(1)]
    public required long RemoveAtMs { get; init; }

    /// <summary>The key that the session was rotated to; null if it was destroyed.</summary>
    [Id(2)]
    public string? MovedTo { get; init; }

    /// <summary>Whether the copy under <see cref="MovedTo"/> still has to be told that it is the session now.</summary>
    [Id(3)]
    public bool HandoverPending { get; init; }

    /// <summary>The call that destroyed the session, if it had an id.</summary>
    [Id(4)]
    public Guid? OperationId { get; init; }
}
