using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansSessions.Grains.Sessions;

/// <summary>The rules for remembering applied operations: for a while, and not too many.</summary>
internal static class OperationLog
{
    /// <summary>Longer than any caller repeats: its IOTimeout is at most 20 s.</summary>
    public const long RetentionMs = 30_000;

    /// <summary>Bounds the stored state of a session that is committed to all the time.</summary>
    public const int MaxOperations = 4_096;

    private const int FewSettled = 8;

    /// <summary>Finds an operation. Repetitions are of recent operations, so the search starts at the end.</summary>
    public static AppliedOperation? Find(ImmutableArray<AppliedOperation> log, Guid id)
    {
        for (int i = log.Length - 1; i >= 0; i--)
        {
            if (log[i].Id == id)
            {
                return log[i];
            }
        }

        return null;
    }

    /// <summary>The operations of a session that has ended, for the next one under its key.</summary>
    public static ImmutableArray<AppliedOperation> OfEarlierIncarnation(ImmutableArray<AppliedOperation> log) =>
        log.IsEmpty ? log : [.. log.Select(static operation => operation with { Version = 0 })];

    /// <summary>Adds operations and forgets those that are too old or too many.</summary>
    /// <param name="log">The log so far, oldest first.</param>
    /// <param name="applied">The operations just applied.</param>
    /// <param name="settled">Operations that nobody can repeat any more.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="forgottenThroughMs">The time of the newest operation forgotten although it was recent; raised when that happens again.</param>
    public static ImmutableArray<AppliedOperation> Append(
        ImmutableArray<AppliedOperation> log,
        ReadOnlySpan<AppliedOperation> applied,
        ReadOnlySpan<Guid> settled,
        long nowMs,
        ref long forgottenThroughMs)
    {
        var all = new AppliedOperation[log.Length + applied.Length];
        int count = KeepUnsettled(log, settled, all);
        applied.CopyTo(all.AsSpan(count));
        count += applied.Length;

        int first = 0;
        while (first < count && all[first].AtMs < nowMs - RetentionMs)
        {
            first++;
        }

        int excess = count - first - MaxOperations;
        if (excess > 0)
        {
            first += excess;
            forgottenThroughMs = Math.Max(forgottenThroughMs, all[first - 1].AtMs);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(first == 0 && count == all.Length ? all : all[first..count]);
    }

    private static int KeepUnsettled(ImmutableArray<AppliedOperation> log, ReadOnlySpan<Guid> settled, Span<AppliedOperation> kept)
    {
        // A few are compared one by one; with many that would take the product of both numbers.
        HashSet<Guid>? set = settled.Length > FewSettled ? [.. settled] : null;
        int count = 0;
        foreach (AppliedOperation operation in log)
        {
            if (!(set?.Contains(operation.Id) ?? settled.Contains(operation.Id)))
            {
                kept[count++] = operation;
            }
        }

        return count;
    }
}
