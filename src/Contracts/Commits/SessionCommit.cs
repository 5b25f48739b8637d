using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Changes of one request, not the whole session, so that two requests that change different entries both win.</summary>
[GenerateSerializer, Immutable, Alias("session.commit")]
public sealed record SessionCommit
{
    /// <summary>A new random id for each commit. A retry sends the same id, so the commit is applied once.</summary>
    [Id(0)]
    public required Guid OperationId { get; init; }

    /// <summary>
    /// The incarnation that the request loaded; null if it found no session. With null, the session is created if it does not exist, and changed if it does. With an
    /// incarnation that no longer exists, nothing happens and the outcome is <see cref="CommitOutcome.Gone"/>.
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
    /// How long ago the first attempt was sent; zero for the first attempt itself. With it the grain distinguishes a retry whose operation id it may have forgotten
    /// from one that it never saw.
    /// </summary>
    [Id(4)]
    public TimeSpan Age { get; init; }

    /// <summary>
    /// The version that the session must still have, 0 for no session; otherwise nothing happens and the outcome is <see cref="CommitOutcome.Conflict"/>.
    /// For changes that depend on the whole session. Default: null, any.
    /// </summary>
    [Id(5)]
    public long? BasedOnVersion { get; init; }

    /// <summary>The namespace of the session's key, for listing its sessions; stored if this commit creates the session.</summary>
    [Id(6)]
    public string? Namespace { get; init; }

    /// <summary>
    /// Whether the commit must not follow a session that ended under this key a short while ago: then nothing happens and the outcome is <see cref="CommitOutcome.Gone"/>.
    /// For a copied session, which may be older than that end. Default: false; a request that found no session creates a new one.
    /// </summary>
    [Id(7)]
    public bool UnlessEnded { get; init; }

    /// <summary>
    /// Earlier commits of this caller that the session may forget: each was sent once and answered, so no retry of it can arrive. Default: none, and the session
    /// remembers every commit for half a minute.
    /// </summary>
    [Id(8)]
    public ImmutableArray<Guid> Settled { get; init; } = [];

    /// <summary>
    /// When the caller gives up (UTC), the same for every attempt. The commit is never applied later, however long it lay in a buffer: the outcome is then
    /// <see cref="CommitOutcome.Unknown"/>. At most <see cref="SessionOperation.MaxAhead"/> from now. Default: null, half a minute after the first attempt.
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

    /// <summary>Signs the session in with the changes. Null, the default: the session keeps its user.</summary>
    [Id(12)]
    public SessionSignIn? SignIn { get; init; }

    /// <summary>See <see cref="SessionSnapshot.TicketUser"/>. Stored if the session has none yet. At most <see cref="SessionSnapshot.MaxTicketUser"/> characters.</summary>
    [Id(13)]
    public string? TicketUser { get; init; }

    /// <summary>See <see cref="SessionSnapshot.PrivilegeChanges"/>.</summary>
    internal bool IsPrivilegeChangeWithoutUser => SignIn is null && Rotation is { IsPrivilegeChange: true };
}
