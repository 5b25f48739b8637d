using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker that an ended session stays ended, and that none ends by itself. Every answer that shows the session precedes every answer that shows its end, and
/// none shows the end before the deletion was invoked.
/// </summary>
internal static class EndChecker
{
    /// <returns>When the end was first shown.</returns>
    public static long Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        long deletion = history.Where(operation => operation.Action == Action.Delete).Select(operation => operation.Invoked).DefaultIfEmpty(Operation.Never).Min();
        Operation? end = history.Where(operation => IsEnd(operation)).MinBy(operation => operation.Completed);
        if (end is null)
        {
            return Operation.Never;
        }

        if (end.Completed < deletion)
        {
            verdict.Add(ViolationKind.Lost, end, "The session ended before its deletion was asked for.");
        }

        foreach (Operation operation in history.Where(operation => operation.IsAcknowledged && !IsEnd(operation) && operation.Invoked > end.Completed))
        {
            verdict.Add(ViolationKind.Stale, operation, "The session had ended.");
        }

        return end.Completed;
    }

    private static bool IsEnd(Operation operation) => operation.Seen is { IsGone: true } || (operation.Action == Action.Delete && operation.IsAcknowledged);
}
