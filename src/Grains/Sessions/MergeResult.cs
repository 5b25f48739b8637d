using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>What a commit makes of a session's entries.</summary>
internal readonly record struct MergeResult(CommitOutcome Outcome)
{
    /// <summary>The entries, as <see cref="EntryPacking"/> packs them.</summary>
    public byte[] Packed { get; init; } = [];

    public long[]? Numbers { get; init; }

    /// <summary>The idle timeout that the commit asks for; null: unchanged.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The deadline that the commit asks for, in Unix milliseconds; null: none in particular.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>Whether the commit is no use of the session.</summary>
    public bool KeepsDeadline { get; init; }

    /// <summary>The shape that the commit asks for; null: unchanged.</summary>
    public SessionShape? Shape { get; init; }

    public LimitViolation? Violation { get; init; }

    public string? EntryName { get; init; }

    public static MergeResult Exceeds(LimitViolation violation) => new(CommitOutcome.LimitExceeded) { Violation = violation };

    /// <summary>The session after the commit, but for its operation, which <see cref="SessionState.Remember"/> adds.</summary>
    public SessionState ApplyTo(SessionState before, long nowMs) => before with
    {
        Version = before.Version + 1,
        Packed = Packed,
        IdleTimeoutMs = DeadlineMs is { } deadlineMs ? Math.Clamp(deadlineMs - nowMs, 0, (long)SessionLifetime.Max.TotalMilliseconds)
            : (long?)IdleTimeout?.TotalMilliseconds ?? before.IdleTimeoutMs,
        Shape = Shape ?? before.Shape,
        Provisional = false,
    };
}
