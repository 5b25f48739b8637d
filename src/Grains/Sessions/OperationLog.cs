using System.Collections.Immutable;

namespace OrleansSessions.Grains.Sessions;

/// <summary>The rules for remembering applied operations: for a while, and not too many.</summary>
internal static class OperationLog
{
    /// <summary>Longer than any caller repeats: its IOTimeout is at most 20 s.</summary>
    public const long RetentionMs = 30_000;

    /// <summary>Bounds the stored state of a session that is committed to all the time.</summary>
    public const int MaxOperations = 4_096;

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

    /// <summary>Adds operations and forgets those that are too old or too many.</summary>
    /// <param name="log">The log so far, oldest first.</param>
    /// <param name="applied">The operations just applied.</param>
    /// <param name="settled">Operations that nobody can repeat any more.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="forgottenThroughMs">The time of the newest operation forgotten although it was recent; raised when that happens again.</param>
    public static ImmutableArray<AppliedOperation> Append(
        ImmutableArray<AppliedOperation> log,
        IReadOnlyList<AppliedOperation> applied,
        IReadOnlySet<Guid> settled,
        long nowMs,
        ref long forgottenThroughMs)
    {
        ImmutableArray<AppliedOperation> all = [.. settled.Count == 0 ? log : log.Where(operation => !settled.Contains(operation.Id)), .. applied];
        int first = 0;
        while (first < all.Length && all[first].AtMs < nowMs - RetentionMs)
        {
            first++;
        }

        int excess = all.Length - first - MaxOperations;
        if (excess > 0)
        {
            first += excess;
            forgottenThroughMs = Math.Max(forgottenThroughMs, all[first - 1].AtMs);
        }

        return first == 0 ? all : all[first..];
    }
}
