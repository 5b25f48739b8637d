using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a register whose writes are all different, by the zones of Gibbons and Korach ("Testing shared memories", SIAM J. Comput. 26, 1997).
/// A value's zone lies between the first completion and the last invocation among its write and its reads. If the completion comes first, the zone is forward: the
/// register had this value throughout. The history is linearizable if and only if no two forward zones overlap, no other zone lies within a forward one, and
/// no read ends before its write begins.
/// </summary>
internal static class RegisterChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        int before = verdict.Violations.Count;
        List<Value> values = Group(history, verdict);
        foreach (Value value in values)
        {
            foreach (Operation read in value.Reads.Where(read => read.Completed < value.Written))
            {
                verdict.Add(ViolationKind.Lost, read, $"{value.Text} was shown before it was written.");
            }
        }

        FindStaleReads(values, verdict);
        if (verdict.Violations.Count == before && !AreZonesApart(values, out string reason))
        {
            verdict.Add(ViolationKind.Stale, null, reason);
        }
    }

    // Groups each value's write and reads. An unknown write that no read shows can be omitted: no answer depends on it.
    private static List<Value> Group(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        ILookup<string, Operation> reads = history.Where(operation => operation is { Action: Action.Read, Seen.Register: not null })
            .ToLookup(operation => operation.Seen!.Register!);
        Dictionary<string, Operation> writes = history.Where(operation => operation.Action == Action.Write).ToDictionary(operation => operation.Value!);
        List<Value> values = [];
        foreach (Operation write in writes.Values.Where(write => write.IsAcknowledged || reads.Contains(write.Value!)))
        {
            values.Add(new Value(write.Value!, write, [.. reads[write.Value!]]));
        }

        foreach (IGrouping<string, Operation> unwritten in reads.Where(group => !writes.ContainsKey(group.Key)))
        {
            verdict.Add(ViolationKind.Lost, unwritten.First(), $"{unwritten.Key} was never written.", unwritten.Count());
        }

        return values;
    }

    // A read is stale if another value was written or shown between the first proof of its own value and its invocation.
    private static void FindStaleReads(List<Value> values, Verdict verdict)
    {
        (Operation Operation, Value Value)[] byCompletion =
        [
            .. values.SelectMany(value => value.All.Select(operation => (operation, value)))
                .Where(pair => pair.operation.Completed < Operation.Never)
                .OrderBy(pair => pair.operation.Completed),
        ];
        (Operation Operation, Value Value)[] reads = [.. values.SelectMany(value => value.Reads.Select(read => (read, value))).OrderBy(pair => pair.read.Invoked)];
        int next = 0;
        (Operation Operation, Value Value)? latest = null, latestOfOther = null;
        foreach ((Operation read, Value value) in reads)
        {
            for (; next < byCompletion.Length && byCompletion[next].Operation.Completed < read.Invoked; next++)
            {
                (Operation Operation, Value Value) done = byCompletion[next];
                if (latest is null || done.Operation.Invoked > latest.Value.Operation.Invoked)
                {
                    latestOfOther = latest?.Value == done.Value ? latestOfOther : latest;
                    latest = done;
                }
                else if (done.Value != latest.Value.Value && (latestOfOther is null || done.Operation.Invoked > latestOfOther.Value.Operation.Invoked))
                {
                    latestOfOther = done;
                }
            }

            (Operation Operation, Value Value)? other = latest?.Value == value ? latestOfOther : latest;
            if (other is { } newer && newer.Operation.Invoked > value.FirstProof)
            {
                bool isLost = read.IsFinal && !newer.Operation.IsFinal;
                verdict.Add(isLost ? ViolationKind.Lost : ViolationKind.Stale, read, $"{newer.Value.Text} had replaced {value.Text}.");
            }
        }
    }

    private static bool AreZonesApart(List<Value> values, out string reason)
    {
        Value[] forward = [.. values.Where(value => value.FirstProof < value.LastInvoked).OrderBy(value => value.FirstProof)];
        for (int i = 1; i < forward.Length; i++)
        {
            if (forward[i].FirstProof < forward[i - 1].LastInvoked)
            {
                reason = $"The register had the values {forward[i - 1].Text} and {forward[i].Text} at the same time.";
                return false;
            }
        }

        foreach (Value backward in values.Where(value => value.FirstProof >= value.LastInvoked))
        {
            // Only the last forward zone that begins before it can contain it.
            int index = Array.FindLastIndex(forward, zone => zone.FirstProof < backward.LastInvoked);
            if (index >= 0 && backward.FirstProof < forward[index].LastInvoked)
            {
                reason = $"The register had the value {backward.Text} while it had {forward[index].Text}.";
                return false;
            }
        }

        reason = "";
        return true;
    }

    private sealed class Value(string text, Operation write, Operation[] reads)
    {
        public string Text { get; } = text;

        public Operation[] Reads { get; } = reads;

        public Operation[] All { get; } = [write, .. reads];

        public long Written { get; } = write.Invoked;

        /// <summary>The first completion of an operation that proves the value. A write with an unknown outcome has happened if a read shows it.</summary>
        public long FirstProof { get; } = reads.Select(read => read.Completed).Append(write.Completed).Min();

        public long LastInvoked { get; } = reads.Select(read => read.Invoked).Append(write.Invoked).Max();
    }
}
