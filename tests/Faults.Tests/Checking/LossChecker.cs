using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a history across a loss: normal before it; after it a session is gone, or as it was when the copy was made, and normal from there on. While the loss
/// is being noticed, answers may show either.
/// </summary>
internal static class LossChecker
{
    public static Verdict Check(IReadOnlyCollection<Operation> history, Loss loss)
    {
        if (history.All(loss.IsBefore) || history.All(loss.IsAfter))
        {
            return SessionChecker.Check(history);
        }

        Verdict verdict = SessionChecker.Check(
            [.. history.Where(operation => operation.Invoked < loss.From).Select(operation => loss.IsBefore(operation) ? operation : Unknown(operation))]);
        Operation[] after = [.. history.Where(loss.IsAfter)];

        // A session created meanwhile may be on either side.
        if (after.Length == 0 || history.Min(operation => operation.Invoked) >= loss.From)
        {
            return verdict;
        }

        Operation[] written =
        [
            .. history.Where(operation => !loss.IsBefore(operation) && operation.Action != Action.Read)
                .Select(operation => loss.IsAfter(operation) ? operation : Unknown(operation)),
        ];
        Operation? first = loss.Copy is null ? null : after.Where(operation => operation is { Action: Action.Read, Seen: not null }).MinBy(operation => operation.Completed);
        if (first is { Seen.IsGone: false })
        {
            CheckCopy(history, loss.Copy!.Value, first, verdict);
            SessionChecker.Check([.. Restored(first, loss.Until), .. written, .. after.Where(operation => operation.Action == Action.Read)], verdict);
        }
        else
        {
            CheckGone(after, written, verdict);
        }

        return verdict;
    }

    private static Operation Unknown(Operation operation) => operation with { Seen = null, Completed = Operation.Never };

    // The content after the loss must have existed when the copy was made.
    private static void CheckCopy(IReadOnlyCollection<Operation> history, (long From, long Until) copy, Operation first, Verdict verdict)
    {
        Operation[] before = [.. history.Where(operation => operation.Invoked < copy.Until).Select(operation => operation.Completed < copy.Until ? operation : Unknown(operation))];
        if (!SessionChecker.Check([.. before, first with { Invoked = copy.From, Completed = copy.Until }]).IsCorrect)
        {
            verdict.Add(ViolationKind.Stale, first, "The copy that Redis continued with did not contain this.");
        }
    }

    // The operations that lead to the copy's content.
    private static IEnumerable<Operation> Restored(Operation first, long at)
    {
        var done = new Operation { Action = Action.Write, Value = first.Seen!.Register, Invoked = at, Completed = at, Seen = Observation.Done };
        return
        [
            .. done.Value is null ? (Operation[])[] : [done],
            .. (first.Seen.Entries ?? new HashSet<string>()).Select(entry => done with { Action = Action.Add, Value = entry }),
            .. Enumerable.Range(1, (int)(first.Seen.Counter ?? 0)).Select(sum => done with { Action = Action.Increment, Value = null, Seen = new Observation { Counter = sum } }),
        ];
    }

    // Only data written since the loss may be shown.
    private static void CheckGone(Operation[] after, Operation[] written, Verdict verdict)
    {
        HashSet<string> values = [.. written.Select(operation => operation.Value).OfType<string>()];
        foreach (Operation read in after.Where(operation => operation is { Action: Action.Read, Seen.IsGone: false }))
        {
            if ((read.Seen!.Register is { } value && !values.Contains(value)) || read.Seen.Entries?.IsSubsetOf(values) == false)
            {
                verdict.Add(ViolationKind.Stale, read, "Redis had lost it.");
            }
        }
    }
}
