using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Rules for remembering applied operations: until their deadlines, up to a maximum number.</summary>
internal static class OperationLog
{
    /// <summary>Time limit of a call without a deadline, from its first attempt.</summary>
    public const long DefaultLifeMs = 30_000;

    /// <summary>Bounds the stored state of a session with continuous commits.</summary>
    public const int MaxOperations = 4_096;

    private const int FewSettled = 8;

    private static readonly long MaxAheadMs = (long)SessionOperation.MaxAhead.TotalMilliseconds;

    /// <summary>Returns the deadline of a call, in Unix milliseconds.</summary>
    /// <param name="deadline">The caller's deadline; null: none.</param>
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
    /// Whether a call may be a retry of a forgotten one. No call has a deadline further ahead than <see cref="SessionOperation.MaxAhead"/>, so a floor beyond that dates
    /// from before the clock was set back, and proves nothing.
    /// </summary>
    public static bool MayBeForgotten(long deadlineMs, long forgottenThroughMs, long nowMs) =>
        deadlineMs <= forgottenThroughMs && forgottenThroughMs <= nowMs + MaxAheadMs;

    /// <summary>Finds an operation. Retries concern recent operations, so the search starts at the end.</summary>
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

    /// <summary>Returns the last deadline in the log, in Unix milliseconds; 0 if it is empty.</summary>
    public static long LastDeadlineMs(ImmutableArray<AppliedOperation> log)
    {
        long last = 0;
        foreach (AppliedOperation operation in log)
        {
            last = Math.Max(last, operation.UntilMs);
        }

        return last;
    }

    /// <summary>Returns the operations of an ended session, for the next one under its key.</summary>
    public static ImmutableArray<AppliedOperation> OfEarlierIncarnation(ImmutableArray<AppliedOperation> log) =>
        log.IsEmpty ? log : [.. log.Select(static operation => operation with { Version = 0 })];

    /// <summary>Adds operations, and forgets those past their deadline and the oldest beyond the maximum.</summary>
    /// <param name="log">The log so far, oldest first.</param>
    /// <param name="applied">The operations just applied.</param>
    /// <param name="settled">Operations that can no longer be retried.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="forgottenThroughMs">The last deadline among the forgotten operations. A call with a deadline no later may be a retry of one of them.</param>
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
        // Compare a few one by one; for many, use a set to avoid quadratic time.
        HashSet<Guid>? set = settled.Length > FewSettled ? [.. settled] : null;
        int count = 0;
        foreach (AppliedOperation operation in log)
        {
            if (operation.UntilMs < nowMs)
            {
                // This silo's clock refuses them. Another silo's clock may be behind: the floor applies there too.
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
