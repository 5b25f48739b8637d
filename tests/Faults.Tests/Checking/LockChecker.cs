using System.Diagnostics;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checks a lock. A holder has it for sure from the moment it learns so until it gives it back, or until the lease ends that began no earlier than it was asked for.
/// No two holders have it for sure at the same time, and none finds it taken away within the lease.
/// </summary>
internal static class LockChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, TimeSpan lease, Verdict verdict)
    {
        long leaseTicks = (long)(lease.TotalSeconds * Stopwatch.Frequency);
        Dictionary<string, Operation> releases = history.Where(operation => operation.Action == Action.Release).ToDictionary(operation => operation.Value!);
        Operation? last = null;
        long lastUntil = long.MinValue;
        foreach (Operation acquired in history.Where(operation => operation is { Action: Action.Acquire, IsAcknowledged: true }).OrderBy(operation => operation.Completed))
        {
            Operation? release = releases.GetValueOrDefault(acquired.Value!);
            long until = Math.Min(acquired.Invoked + leaseTicks, release?.Invoked ?? Operation.Never);
            if (until <= acquired.Completed)
            {
                continue;
            }

            if (last is not null && acquired.Completed < lastUntil)
            {
                verdict.Add(ViolationKind.Twice, acquired, $"{last.Value} still had the lock.");
            }

            if (release is { Seen.IsGone: true } && release.Completed < acquired.Invoked + leaseTicks)
            {
                verdict.Add(ViolationKind.Lost, release, "The lock was gone before its lease had ended.");
            }

            if (until > lastUntil)
            {
                (last, lastUntil) = (acquired, until);
            }
        }
    }
}
