using System.Numerics;

namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>
/// Linearizability checker: searches for an order of a key's operations that explains every answer and respects real time (Wing and Gong, with memoization).
/// </summary>
internal static class Checker
{
    public static bool IsLinearizable(IEnumerable<Operation> history)
    {
        Operation[] operations = [.. history.OrderBy(static operation => operation.Sent)];
        HashSet<(BigInteger Done, string? State)> seen = [];
        Stack<(BigInteger Done, string? State)> open = new([(BigInteger.Zero, null)]);
        BigInteger all = (BigInteger.One << operations.Length) - 1;
        while (open.TryPop(out (BigInteger Done, string? State) point))
        {
            if (point.Done == all)
            {
                return true;
            }

            long firstAnswered = operations.Where((_, i) => !IsDone(point.Done, i)).Min(static operation => operation.Answered);
            for (int i = 0; i < operations.Length && operations[i].Sent <= firstAnswered; i++)
            {
                if (IsDone(point.Done, i))
                {
                    continue;
                }

                (string answer, string? state) = KeyModel.Apply(operations[i].Command, point.State);
                (BigInteger, string?) next = (point.Done | (BigInteger.One << i), state);
                if (answer == operations[i].Answer && seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    private static bool IsDone(BigInteger done, int index) => !(done >> index).IsEven;
}
