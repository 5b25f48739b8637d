using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a set that only grows. A read contains everything added or shown before it, and nothing that was not requested; two reads must show the growth of
/// one set, and an entry is never shown without those that existed before it was requested.
/// </summary>
internal static class SetChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        Dictionary<string, Operation> additions = history.Where(operation => operation.Action == Action.Add).ToDictionary(operation => operation.Value!);
        Operation[] reads = [.. history.Where(operation => operation is { Action: Action.Read, Seen.Entries: not null }).OrderBy(operation => operation.Invoked)];

        // When each entry certainly existed.
        Dictionary<string, long> known = additions.Values.Where(addition => addition.IsAcknowledged).ToDictionary(addition => addition.Value!, addition => addition.Completed);
        foreach (Operation read in reads)
        {
            foreach (string entry in read.Seen!.Entries!)
            {
                if (!additions.TryGetValue(entry, out Operation? addition) || addition.Invoked > read.Completed)
                {
                    verdict.Add(ViolationKind.Lost, read, $"{entry} was shown before it was added.");
                }

                known[entry] = Math.Min(known.GetValueOrDefault(entry, Operation.Never), read.Completed);
            }
        }

        bool isStale = false;
        foreach (Operation read in reads)
        {
            int missing = known.Count(entry => entry.Value < read.Invoked && !read.Seen!.Entries!.Contains(entry.Key));
            if (missing > 0)
            {
                isStale = true;
                string example = known.First(entry => entry.Value < read.Invoked && !read.Seen!.Entries!.Contains(entry.Key)).Key;
                verdict.Add(read.IsFinal ? ViolationKind.Lost : ViolationKind.Stale, read, $"{example} was there before.", read.IsFinal ? missing : 1);
            }
        }

        if (!isStale)
        {
            FindForks(reads, additions, known, verdict);
        }
    }

    private static void FindForks(Operation[] reads, Dictionary<string, Operation> additions, Dictionary<string, long> known, Verdict verdict)
    {
        Operation[] bySize = [.. reads.OrderBy(read => read.Seen!.Entries!.Count)];
        for (int i = 1; i < bySize.Length; i++)
        {
            if (!bySize[i - 1].Seen!.Entries!.IsSubsetOf(bySize[i].Seen!.Entries!))
            {
                verdict.Add(ViolationKind.Stale, bySize[i], "Two answers show sets of which neither contains the other.");
            }
        }

        foreach (Operation read in reads)
        {
            long latest = read.Seen!.Entries!.Where(additions.ContainsKey).Select(entry => additions[entry].Invoked).DefaultIfEmpty(long.MinValue).Max();
            if (known.Any(entry => entry.Value < latest && !read.Seen.Entries!.Contains(entry.Key)))
            {
                verdict.Add(ViolationKind.Stale, read, "An entry is shown without one that was there before it was added.");
            }
        }
    }
}
