using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Decides whether a session's history is linearizable. Linearizability is local: the end of the session, its register, its counter and its set are checked
/// one by one.
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

        // What was asked of an ended session has no effect.
        Operation[] effective = [.. history.Where(operation => operation.Seen is null ? operation.Invoked <= end : !operation.Seen.IsGone)];
        RegisterChecker.Check(effective, verdict);
        CounterChecker.Check(effective, verdict);
        SetChecker.Check(effective, verdict);
    }
}
