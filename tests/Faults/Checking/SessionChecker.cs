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
        EndChecker.Check(history, verdict);
        RegisterChecker.Check(history, verdict);
        CounterChecker.Check(history, verdict);
        SetChecker.Check(history, verdict);
    }
}
