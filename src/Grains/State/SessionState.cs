using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>
/// Stored state of a session. Immutable: a commit creates a new state, and the grain publishes it once Redis has it.
/// Times are Unix milliseconds (UTC).
/// </summary>
internal sealed record SessionState
{
    /// <summary>The state of a missing session.</summary>
    public static readonly SessionState None = new();

    private const int UnsavedTouchPercent = 5;
    private const long MinUnsavedTouchMs = 1_000;

    /// <summary>No caller waits longer for an answer.</summary>
    private static readonly long MaxDelayMs = (long)SessionOperation.MaxAhead.TotalMilliseconds;

    public SessionStatus Status { get; init; }

    public Guid Incarnation { get; init; }

    public long Version { get; init; }

    /// <summary>The entries, as packed by <see cref="EntryPacking"/>.</summary>
    public byte[] Packed { get; init; } = [];

    public long CreatedAtMs { get; init; }

    /// <summary>The last stored use. The grain knows later ones.</summary>
    public long LastUsedAtMs { get; init; }

    public long IdleTimeoutMs { get; init; }

    /// <summary>0: no absolute lifetime.</summary>
    public long AbsoluteLifetimeMs { get; init; }

    /// <summary>The recently applied operations, oldest first.</summary>
    public ImmutableArray<AppliedOperation> Operations { get; init; } = [];

    /// <summary>The last deadline among the forgotten operations; 0: none.</summary>
    public long OperationsForgottenThroughMs { get; init; }

    /// <summary>The session's latest deadline in the expiry index; 0: none yet.</summary>
    public long IndexedDeadlineMs { get; init; }

    /// <summary>Whether the event handlers have seen the creation.</summary>
    public bool CreationAnnounced { get; init; }

    /// <summary>
    /// Whether this is an unconfirmed copy made by a rotation. Until it is confirmed the session lives under the old key, and the copy's end raises no event.
    /// </summary>
    public bool Provisional { get; init; }

    /// <summary>The key that this session was rotated from; null: never rotated.</summary>
    public string? MovedFrom { get; init; }

    public SessionShape Shape { get; init; }

    /// <summary>The namespace of the session's key, if its creator gave it.</summary>
    public string? Namespace { get; init; }

    /// <summary>The lock left by a graceful deactivation. While there is an activation, the lock is in its memory only.</summary>
    public SessionLock? Lock { get; init; }

    /// <summary>The hash of the secret that gives access to the session; none: the session's key suffices.</summary>
    public SecretHash Secret { get; init; }

    /// <summary>The secrets that rotations have replaced; null: there was no rotation.</summary>
    public RetiredSecrets? Retired { get; init; }

    /// <summary>Whose the session is; null: it is not signed in.</summary>
    public SignedIn? SignedIn { get; init; }

    /// <summary>See <see cref="SessionSnapshot.TicketUser"/>.</summary>
    public string? TicketUser { get; init; }

    /// <summary>See <see cref="SessionSnapshot.PrivilegeChanges"/>.</summary>
    public long PrivilegeChanges { get; init; }

    /// <summary>How the session ended; null while it is active.</summary>
    public SessionEnding? Ending { get; init; }

    /// <summary>The entries, unpacked.</summary>
    public ImmutableArray<SessionEntry> Unpack() => EntryPacking.Unpack(Packed);

    /// <summary>Returns the earlier of the absolute and the idle deadline, for a session last used at the given time.</summary>
    public long DeadlineMs(long lastUsedAtMs)
    {
        long idle = lastUsedAtMs + IdleTimeoutMs;
        return AbsoluteLifetimeMs > 0 ? Math.Min(idle, CreatedAtMs + AbsoluteLifetimeMs) : idle;
    }

    /// <summary>Whether the session was last used so much later than stored that a crash would move its deadline back by more than documented.</summary>
    public bool LacksUse(long lastUsedAtMs) => lastUsedAtMs - LastUsedAtMs > Math.Max(MinUnsavedTouchMs, IdleTimeoutMs * UnsavedTouchPercent / 100);

    /// <summary>Returns which of its deadlines comes first.</summary>
    public EndReason ExpiryReason(long lastUsedAtMs) =>
        AbsoluteLifetimeMs > 0 && CreatedAtMs + AbsoluteLifetimeMs <= lastUsedAtMs + IdleTimeoutMs ? EndReason.AbsoluteLifetime : EndReason.IdleTimeout;

    /// <summary>Creates a session without entries, under a key that held <paramref name="before"/>.</summary>
    public static SessionState Create(SessionCommit commit, SessionState before, long nowMs, bool announced) => new()
    {
        Status = SessionStatus.Active,
        Incarnation = Guid.NewGuid(),
        CreatedAtMs = nowMs,
        IdleTimeoutMs = ClampMs(commit.NewSession.IdleTimeout),
        AbsoluteLifetimeMs = commit.NewSession.AbsoluteLifetime is { } absolute ? ClampMs(absolute) : 0,
        CreationAnnounced = announced,
        Namespace = commit.Namespace is { } sessionNamespace ? RecurringText.Get(sessionNamespace) : null,
        Secret = commit.Secret,
        IndexedDeadlineMs = before.IndexedDeadlineMs,
        Operations = OperationLog.OfEarlierIncarnation(before.Operations),
        OperationsForgottenThroughMs = before.OperationsForgottenThroughMs,
    };

    /// <summary>Returns the state with the operations that led to it, and without those that can no longer be retried.</summary>
    public SessionState Remember(ReadOnlySpan<AppliedOperation> applied, ReadOnlySpan<Guid> settled, long nowMs)
    {
        long forgottenThroughMs = OperationsForgottenThroughMs;
        ImmutableArray<AppliedOperation> operations = OperationLog.Append(Operations, applied, settled, nowMs, ref forgottenThroughMs);
        return this with { Operations = operations, OperationsForgottenThroughMs = forgottenThroughMs };
    }

    /// <summary>
    /// Judges a presented secret, in constant time as far as a caller could use the difference. The grace is judged at the time when the secret was presented: a call that
    /// is delayed on its way, for example by a network outage, is not reuse.
    /// </summary>
    public SecretStanding Judge(SecretHash presented, long presentedMs, long nowMs)
    {
        if (presented.IsNone || Secret.IsNone)
        {
            return presented.IsNone && Secret.IsNone ? SecretStanding.Valid : presented.IsNone ? SecretStanding.Missing : SecretStanding.Wrong;
        }

        if (Secret == presented)
        {
            return SecretStanding.Valid;
        }

        if (Retired?.Find(presented) is not (int place and >= 0))
        {
            return SecretStanding.Wrong;
        }

        if (nowMs - presentedMs > MaxDelayMs)
        {
            return SecretStanding.Late;
        }

        return !Retired.IsInGrace(place, Math.Min(presentedMs, nowMs), nowMs) ? SecretStanding.UsedUp
            : Retired.Secrets[place].IsSuperseded ? SecretStanding.Superseded
            : SecretStanding.InGrace;
    }

    /// <summary>The state with another secret.</summary>
    public SessionState Rotated(SecretRotation rotation, long nowMs) =>
        this with { Secret = rotation.To, Retired = RetiredSecrets.After(rotation, Retired, nowMs) };

    /// <summary>Returns the ended state: ended for every caller; the entries stay until the event handlers have seen them.</summary>
    public SessionState Ended(SessionEnding ending) =>
        this with { Status = SessionStatus.Ending, Ending = ending, Provisional = false, Secret = default, Retired = null };

    /// <summary>Returns the tombstone.</summary>
    public SessionState ToTombstone(SessionEnding ending) => this with
    {
        Status = SessionStatus.Tombstone,
        Packed = [],
        Ending = ending,
        Provisional = false,
        Secret = default,
        Retired = null,
        SignedIn = null,
        TicketUser = null,
        PrivilegeChanges = 0,
    };

    private static long ClampMs(TimeSpan lifetime) => (long)SessionLifetime.Clamp(lifetime).TotalMilliseconds;
}
