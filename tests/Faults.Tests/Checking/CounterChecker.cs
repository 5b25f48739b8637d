using System.Globalization;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a counter whose increments return their sums. The sums order the operations; a sum that no increment returned must come from an increment with an
/// unknown outcome that was invoked early enough.
/// </summary>
internal static class CounterChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        Operation[] seen = [.. history.Where(operation => operation.Seen?.Counter is not null && operation.Action is Action.Increment or Action.Read)];
        FindLostIncrements(seen, verdict);
        FindStaleAnswers(seen, verdict);
        FindUnexplainedSums(seen, [.. history.Where(operation => operation is { Action: Action.Increment, Seen: null })], verdict);
    }

    private static long Sum(Operation operation) => operation.Seen!.Counter!.Value;

    private static void FindLostIncrements(Operation[] seen, Verdict verdict)
    {
        foreach (IGrouping<long, Operation> same in seen.Where(operation => operation.Action == Action.Increment).GroupBy(Sum).Where(group => group.Count() > 1))
        {
            verdict.Add(ViolationKind.Lost, same.Last(), Text($"{same.Count()} increments made the sum {same.Key}."), same.Count() - 1);
        }
    }

    // Each answer shows at least what was shown or acknowledged before its invocation; an increment shows more.
    private static void FindStaleAnswers(Operation[] seen, Verdict verdict)
    {
        Operation[] byCompletion = [.. seen.OrderBy(operation => operation.Completed)];
        int next = 0;
        long floor = 0;
        foreach (Operation operation in seen.OrderBy(operation => operation.Invoked))
        {
            for (; next < byCompletion.Length && byCompletion[next].Completed < operation.Invoked; next++)
            {
                floor = Math.Max(floor, Sum(byCompletion[next]));
            }

            if (Sum(operation) < (operation.Action == Action.Increment ? floor + 1 : floor))
            {
                verdict.Add(operation.IsFinal ? ViolationKind.Lost : ViolationKind.Stale, operation, Text($"The sum was {floor} before."));
            }
        }
    }

    private static void FindUnexplainedSums(Operation[] seen, Operation[] unknown, Verdict verdict)
    {
        HashSet<long> shown = [.. seen.Where(operation => operation.Action == Action.Increment).Select(Sum)];
        Queue<long> invocations = new(unknown.Select(operation => operation.Invoked).Order());

        // The operation that completes first among those that prove a sum.
        Operation[] proofs = [.. seen.OrderBy(Sum)];
        long[] earliest = new long[proofs.Length];
        long first = Operation.Never;
        for (int i = proofs.Length - 1; i >= 0; i--)
        {
            earliest[i] = first = Math.Min(first, proofs[i].Completed);
        }

        int proof = 0;
        long top = proofs.Length == 0 ? 0 : Sum(proofs[^1]);
        for (long sum = 1; sum <= top; sum++)
        {
            while (Sum(proofs[proof]) < sum)
            {
                proof++;
            }

            if (shown.Contains(sum))
            {
                continue;
            }

            if (invocations.Count == 0 || invocations.Peek() > earliest[proof])
            {
                verdict.Add(ViolationKind.Twice, proofs[proof], Text($"No increment explains the sum {sum}."));
            }
            else
            {
                invocations.Dequeue();
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
