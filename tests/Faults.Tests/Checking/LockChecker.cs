using System.Diagnostics;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a lock. A holder certainly has it from the moment it learns so until it releases it, or until the earliest possible end of its lease. No two holders
/// certainly have it at the same time, and none loses it within the lease.
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
