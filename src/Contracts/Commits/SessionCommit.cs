using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>What one request changes in a session: the changes only, not the whole session, so that two requests that change different entries both win.</summary>
[GenerateSerializer, Immutable, Alias("session.commit")]
public sealed record SessionCommit
{
    /// <summary>A new random id for each commit. Repeating a commit means sending the same id: it is then applied once.</summary>
    [Id(0)]
    public required Guid OperationId { get; init; }

    /// <summary>
    /// The incarnation that the request loaded; null if it found no session. With null, a session is created if there is none, and changed if
    /// there is one. With an incarnation that is not there any more, nothing happens and the answer is <see cref="CommitOutcome.Gone"/>.
    /// </summary>
    [Id(1)]
    public Guid? BasedOn { get; init; }

    /// <summary>The changes, applied in order, all or none.</summary>
    [Id(2)]
    public required ImmutableArray<SessionChange> Changes { get; init; }

    /// <summary>The lifetime of the session if this commit creates it.</summary>
    [Id(3)]
    public SessionLifetime NewSession { get; init; } = new();

    /// <summary>
    /// How long ago the first attempt was sent; zero for the first attempt itself. It lets the grain tell a repetition whose operation id it may
    /// have forgotten from one that it never saw.
    /// </summary>
    [Id(4)]
    public TimeSpan Age { get; init; }

    /// <summary>
    /// The version that the session must still have, 0 for no session; otherwise nothing happens and the answer is <see cref="CommitOutcome.Conflict"/>.
    /// Null, the default: any. For changes that depend on the session as a whole.
    /// </summary>
    [Id(5)]
    public long? BasedOnVersion { get; init; }

    /// <summary>The namespace that the session's key was derived in, so that its sessions can be listed; remembered if this commit creates the session.</summary>
    [Id(6)]
    public string? Namespace { get; init; }

    /// <summary>
    /// Whether a session that has ended under this key a short while ago counts: then nothing happens and the answer is <see cref="CommitOutcome.Gone"/>. For a
    /// copy of a session from elsewhere, which may be older than that end. Default: no; a request that found no session makes a new one.
    /// </summary>
    [Id(7)]
    public bool UnlessEnded { get; init; }

    /// <summary>
    /// Earlier commits of this caller that the session may forget: each was sent once and answered, so no repetition of it can come any more. Default: none, and
    /// the session remembers every commit for half a minute.
    /// </summary>
    [Id(8)]
    public ImmutableArray<Guid> Settled { get; init; } = [];

    /// <summary>
    /// When the caller gives up (UTC), the same for every attempt. The commit is never applied later, however long it lay in a buffer on its way: the answer is then
    /// <see cref="CommitOutcome.Unknown"/>. At most <see cref="SessionOperation.MaxAhead"/> from now. Null, the default: half a minute after the first attempt.
    /// </summary>
    [Id(9)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// With <see cref="BasedOn"/> null: the secret of the session if this commit creates it, and the right to the session if there is one. Default: no secret.
    /// </summary>
    [Id(10)]
    public SecretHash Secret { get; init; }

    /// <summary>Replaces the session's secret with the changes; needs <see cref="BasedOn"/>. Null, the default: it stays.</summary>
    [Id(11)]
    public SecretRotation? Rotation { get; init; }
}
