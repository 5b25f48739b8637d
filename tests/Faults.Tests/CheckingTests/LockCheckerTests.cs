using System.Diagnostics;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Xunit;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>Histories of locks. Times are seconds.</summary>
public sealed class LockCheckerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    [Fact]
    public void Lock_OneHolderAfterTheOther_IsRight() => AssertCorrect(Acquire("a", 0, 1), Release("a", 2, 4), Acquire("b", 2, 3), Release("b", 5, 6));

    [Fact]
    public void Lock_OfTwoHolders_IsTwice() => AssertFinds(ViolationKind.Twice, Acquire("a", 0, 1), Acquire("b", 2, 3), Release("a", 5, 6), Release("b", 7, 8));

    [Fact]
    public void Lock_AfterTheLease_IsFree() => AssertCorrect(Acquire("a", 0, 1), Acquire("b", 10, 11));

    [Fact]
    public void Lock_LearntOfAfterItsLease_IsNotHeld() => AssertCorrect(Acquire("a", 0, 20), Acquire("b", 12, 13), Release("b", 21, 22));

    [Fact]
    public void Lock_GoneWithinTheLease_IsLost() => AssertFinds(ViolationKind.Lost, Acquire("a", 0, 1), Release("a", 2, 3) with { Seen = Observation.Gone });

    [Fact]
    public void Lock_GoneAfterTheLease_IsRight() => AssertCorrect(Acquire("a", 0, 1), Release("a", 2, 11) with { Seen = Observation.Gone });

    private static Operation Acquire(string owner, double from, double until) => Make(Action.Acquire, owner, from, until);

    private static Operation Release(string owner, double from, double until) => Make(Action.Release, owner, from, until);

    private static Operation Make(Action action, string owner, double from, double until) =>
        new() { Action = action, Value = owner, Invoked = Ticks(from), Completed = Ticks(until), Seen = Observation.Done };

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static Verdict Check(Operation[] history)
    {
        Verdict verdict = new();
        LockChecker.Check(history, Lease, verdict);
        return verdict;
    }

    private static void AssertCorrect(params Operation[] history) => Assert.Empty(Check(history).Violations);

    private static void AssertFinds(ViolationKind kind, params Operation[] history) => Assert.Equal(kind, Assert.Single(Check(history).Violations).Kind);
}
