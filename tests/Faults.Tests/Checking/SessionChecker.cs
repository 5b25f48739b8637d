using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of a session's linearizability. Linearizability is local, so the session's end, register, counter and set are checked one by one.
/// </summary>
internal static class SessionChecker
{
    public static Verdict Check(IReadOnlyCollection<Operation> history)
    {
        Verdict verdict = new();
        Check(history, verdict);
        return verdict;
    }

    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        long end = EndChecker.Check(history, verdict);

        // Operations on an ended session have no effect.
        Operation[] effective = [.. history.Where(operation => operation.Seen is null ? operation.Invoked <= end : !operation.Seen.IsGone)];
        RegisterChecker.Check(effective, verdict);
        CounterChecker.Check(effective, verdict);
        SetChecker.Check(effective, verdict);
    }
}
