using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Result of merging a commit into a session's entries.</summary>
internal readonly record struct MergeResult(CommitOutcome Outcome)
{
    /// <summary>The entries, as packed by <see cref="EntryPacking"/>.</summary>
    public byte[] Packed { get; init; } = [];

    public long[]? Numbers { get; init; }

    /// <summary>The requested idle timeout; null: unchanged.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The requested deadline, in Unix milliseconds; null: none.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>Whether the commit does not count as a use of the session.</summary>
    public bool KeepsDeadline { get; init; }

    /// <summary>The requested shape; null: unchanged.</summary>
    public SessionShape? Shape { get; init; }

    public LimitViolation? Violation { get; init; }

    public string? EntryName { get; init; }

    public static MergeResult Exceeds(LimitViolation violation) => new(CommitOutcome.LimitExceeded) { Violation = violation };

    /// <summary>Returns the session after the commit, without its operation, which <see cref="SessionState.Remember"/> adds.</summary>
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
