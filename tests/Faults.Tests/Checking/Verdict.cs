using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Violations of a history; empty if it is linearizable.</summary>
internal sealed class Verdict
{
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<Violation> Violations => _violations;

    public bool IsCorrect => _violations.Count == 0;

    public int Count(ViolationKind kind) => _violations.Where(violation => violation.Kind == kind).Sum(violation => violation.Count);

    public void Add(ViolationKind kind, Operation? operation, string reason, int count = 1) => _violations.Add(new Violation(kind, operation, reason, count));
}
