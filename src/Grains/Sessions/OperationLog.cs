using System.Collections.Immutable;

namespace OrleansSessions.Grains.Sessions;

/// <summary>The rules for remembering applied operations: for a while, and not too many.</summary>
internal static class OperationLog
{
    /// <summary>Longer than any caller repeats (its IOTimeout, 10 s by default).</summary>
    public const long RetentionMs = 30_000;

    /// <summary>Bounds the stored state of a session that is committed to all the time.</summary>
    public const int MaxOperations = 256;

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

    /// <summary>Adds an operation and forgets those that are too old or too many.</summary>
    /// <param name="log">The log so far, oldest first.</param>
    /// <param name="operation">The operation just applied.</param>
    /// <param name="forgottenThroughMs">The time of the newest operation forgotten although it was recent; raised when that happens again.</param>
    public static ImmutableArray<AppliedOperation> Append(
        ImmutableArray<AppliedOperation> log,
        AppliedOperation operation,
        ref long forgottenThroughMs)
    {
        int first = 0;
        while (first < log.Length && log[first].AtMs < operation.AtMs - RetentionMs)
        {
            first++;
        }

        while (log.Length - first >= MaxOperations)
        {
            forgottenThroughMs = Math.Max(forgottenThroughMs, log[first].AtMs);
            first++;
        }

        var builder = ImmutableArray.CreateBuilder<AppliedOperation>(log.Length - first + 1);
        builder.AddRange(log.AsSpan()[first..]);
        builder.Add(operation);
        return builder.MoveToImmutable();
    }
}
