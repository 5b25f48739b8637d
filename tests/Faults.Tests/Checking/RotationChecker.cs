using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Checker that a replaced cookie gives no access once its grace is over.</summary>
internal static class RotationChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        foreach (Operation read in history.Where(operation => operation is { Action: Action.ReadWithOldCookie, Seen.IsGone: false }))
        {
            verdict.Add(ViolationKind.Stale, read, "The cookie was replaced longer ago than the grace.");
        }
    }
}
