using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Application of a commit's changes to a session's packed entries, all or none. Pure.</summary>
internal static class CommitMerge
{
    /// <param name="packed">The current entries, as packed by <see cref="EntryPacking"/>.</param>
    /// <param name="changes">The changes, applied in order.</param>
    /// <param name="version">The commit's version, which becomes the version of each entry that is set.</param>
    /// <param name="limits">The limits of the result.</param>
    /// <param name="currentShape">The session's current shape.</param>
    public static MergeResult Apply(
        byte[] packed,
        ImmutableArray<SessionChange> changes,
        long version,
        SessionLimits limits,
        SessionShape currentShape = SessionShape.Entries)
    {
        if (limits.CheckChanges(changes.Length) is { } tooMany)
        {
            return MergeResult.Exceeds(tooMany);
        }

        (int count, long bytes) = EntryPacking.Measure(packed);
        var entries = new List<PackedEntry>(count + changes.Length);
        EntryPacking.Read(packed, entries);
        var content = new SessionContent<PackedEntry>(entries, currentShape);
        var merged = new MergeResult(CommitOutcome.Applied);
        ChangeReport report = default;
        foreach (SessionChange change in changes)
        {
            CommitOutcome outcome = change.Kind switch
            {
                SessionChangeKind.SetIdleTimeout => SetIdleTimeout(change, ref merged, ref report),
                SessionChangeKind.SetDeadline => SetDeadline(change, ref merged),
                SessionChangeKind.KeepDeadline => KeepDeadline(ref merged),
                _ => content.Apply(change, version, limits, ref report),
            };
            if (outcome != CommitOutcome.Applied)
            {
                return new MergeResult(outcome) { EntryName = report.EntryName, Violation = report.Violation };
            }
        }

        return limits.CheckContent(new ContentSize(count, bytes), ContentSize.Of(content)) is { } violation
            ? MergeResult.Exceeds(violation)
            : merged with { Packed = EntryPacking.Repack(content.Entries), Numbers = report.Sums?.ToArray(), Shape = content.Shape };
    }

    private static CommitOutcome SetIdleTimeout(SessionChange change, ref MergeResult merged, ref ChangeReport report)
    {
        if (change.IdleTimeout < SessionLifetime.MinIdleTimeout || change.IdleTimeout > SessionLifetime.Max)
        {
            report.Violation = new LimitViolation(
                "idle timeout in seconds, which is at least 1,", (long)SessionLifetime.Max.TotalSeconds, (long)change.IdleTimeout.TotalSeconds);
            return CommitOutcome.LimitExceeded;
        }

        merged = merged with { IdleTimeout = change.IdleTimeout };
        return CommitOutcome.Applied;
    }

    private static CommitOutcome SetDeadline(SessionChange change, ref MergeResult merged)
    {
        merged = merged with { DeadlineMs = change.DeadlineMs };
        return CommitOutcome.Applied;
    }

    private static CommitOutcome KeepDeadline(ref MergeResult merged)
    {
        merged = merged with { KeepsDeadline = true };
        return CommitOutcome.Applied;
    }
}
