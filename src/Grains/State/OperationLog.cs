using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>The rules for remembering applied operations: until their deadlines, and not too many.</summary>
internal static class OperationLog
{
    /// <summary>The time that a call without a deadline has from its first attempt.</summary>
    public const long DefaultLifeMs = 30_000;

    /// <summary>Bounds the stored state of a session that is committed to all the time.</summary>
    public const int MaxOperations = 4_096;

    private const int FewSettled = 8;

    private static readonly long MaxAheadMs = (long)SessionOperation.MaxAhead.TotalMilliseconds;

    /// <summary>The deadline of a call, in Unix milliseconds.</summary>
    /// <param name="deadline">The deadline that the caller set; null: none.</param>
    /// <param name="age">How long ago the first attempt was sent.</param>
    /// <param name="nowMs">The time.</param>
    /// <exception cref="ArgumentException">The deadline is too far away.</exception>
    public static long DeadlineMs(DateTimeOffset? deadline, TimeSpan age, long nowMs)
    {
        long deadlineMs = deadline?.ToUnixTimeMilliseconds() ?? nowMs + DefaultLifeMs - (long)age.TotalMilliseconds;
        return deadlineMs <= nowMs + MaxAheadMs
            ? deadlineMs
            : throw new ArgumentException(
                $"The call's deadline is {(deadlineMs - nowMs) / 1_000} s ahead of the silo's clock; at most {SessionOperation.MaxAhead.TotalSeconds} s are allowed. "
                + "Synchronize the clocks of frontends and silos.");
    }

    /// <summary>
    /// Whether a call may be a repetition of one that was forgotten. No call has a deadline further ahead than <see cref="SessionOperation.MaxAhead"/>, so a floor
    /// beyond that is of before the clock was set back, and says nothing.
    /// </summary>
    public static bool MayBeForgotten(long deadlineMs, long forgottenThroughMs, long nowMs) =>
        deadlineMs <= forgottenThroughMs && forgottenThroughMs <= nowMs + MaxAheadMs;

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

    /// <summary>The last deadline in the log, in Unix milliseconds; 0 if it is empty.</summary>
    public static long LastDeadlineMs(ImmutableArray<AppliedOperation> log)
    {
        long last = 0;
        foreach (AppliedOperation operation in log)
        {
            last = Math.Max(last, operation.UntilMs);
        }

        return last;
    }

    /// <summary>The operations of a session that has ended, for the next one under its key.</summary>
    public static ImmutableArray<AppliedOperation> OfEarlierIncarnation(ImmutableArray<AppliedOperation> log) =>
        log.IsEmpty ? log : [.. log.Select(static operation => operation with { Version = 0 })];

    /// <summary>Adds operations and forgets those whose deadline has passed, and the oldest of too many.</summary>
    /// <param name="log">The log so far, oldest first.</param>
    /// <param name="applied">The operations just applied.</param>
    /// <param name="settled">Operations that nobody can repeat any more.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="forgottenThroughMs">The last deadline among the operations forgotten so far. A call whose deadline is no later may be a repetition of one of them.</param>
    public static ImmutableArray<AppliedOperation> Append(
        ImmutableArray<AppliedOperation> log,
        ReadOnlySpan<AppliedOperation> applied,
        ReadOnlySpan<Guid> settled,
        long nowMs,
        ref long forgottenThroughMs)
    {
        if (forgottenThroughMs > nowMs + MaxAheadMs)
        {
            forgottenThroughMs = 0;
        }

        var all = new AppliedOperation[log.Length + applied.Length];
        int count = KeepUnsettled(log, settled, nowMs, all, ref forgottenThroughMs);
        applied.CopyTo(all.AsSpan(count));
        count += applied.Length;

        int excess = Math.Max(0, count - MaxOperations);
        for (int i = 0; i < excess; i++)
        {
            forgottenThroughMs = Math.Max(forgottenThroughMs, all[i].UntilMs);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(excess == 0 && count == all.Length ? all : all[excess..count]);
    }

    private static int KeepUnsettled(
        ImmutableArray<AppliedOperation> log, ReadOnlySpan<Guid> settled, long nowMs, Span<AppliedOperation> kept, ref long forgottenThroughMs)
    {
        // A few are compared one by one; with many that would take the product of both numbers.
        HashSet<Guid>? set = settled.Length > FewSettled ? [.. settled] : null;
        int count = 0;
        foreach (AppliedOperation operation in log)
        {
            if (operation.UntilMs < nowMs)
            {
                // Refused by this silo's clock. Another silo's clock may be behind: the floor holds there too.
                forgottenThroughMs = Math.Max(forgottenThroughMs, operation.UntilMs);
            }
            else if (!(set?.Contains(operation.Id) ?? settled.Contains(operation.Id)))
            {
                kept[count++] = operation;
            }
        }

        return count;
    }
}
