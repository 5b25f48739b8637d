using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>End of a session, as stored in its <see cref="SessionState"/>.</summary>
internal sealed record SessionEnding
{
    /// <summary>The reason; meaningless after a rotation.</summary>
    public EndReason Reason { get; init; }

    /// <summary>When the tombstone is removed, in Unix milliseconds.</summary>
    public required long RemoveAtMs { get; init; }

    /// <summary>The key that the session was rotated to; null if it was destroyed.</summary>
    public string? MovedTo { get; init; }

    /// <summary>Whether the copy under <see cref="MovedTo"/> still has to be confirmed.</summary>
    public bool HandoverPending { get; init; }

    /// <summary>The call that destroyed the session, if it had an id.</summary>
    public Guid? OperationId { get; init; }

    /// <summary>Who ended it; null: not told.</summary>
    public string? Actor { get; init; }
}
