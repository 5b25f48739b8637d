using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Xunit;
using static OrleansSessions.Faults.Tests.CheckingTests.Handmade;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>Histories across a loss of Redis' data.</summary>
public sealed class LossCheckerTests
{
    private static readonly Loss Emptied = new(From: 100, Until: 200);
    private static readonly Loss RolledBack = new(From: 100, Until: 200, Copy: (20, 30));

    [Fact]
    public void Session_GoneSinceTheLoss_IsRight() => AssertCorrect(Emptied, Write("a", 0, 1), Read("a", 101, 102), Gone(103, 104), Gone(201, 202));

    [Fact]
    public void Session_ShownAfterTheLoss_IsStale() => AssertStale(Emptied, Write("a", 0, 1), Gone(150, 151), Read("a", 201, 202));

    [Fact]
    public void Session_RewrittenAfterTheLoss_IsCorrect() => AssertCorrect(Emptied, Write("a", 0, 1), Gone(201, 202), Write("b", 203, 204), Read("b", 205, 206));

    [Fact]
    public void Session_EqualToTheCopy_IsCorrect() =>
        AssertCorrect(RolledBack, Write("a", 0, 1), Write("b", 40, 41), Read("b", 90, 91), Read("a", 201, 202), Write("c", 210, 211), Read("c", 212, 213));

    [Fact]
    public void Session_WrittenSinceTheCopyAndShownAfterTheLoss_IsStale() => AssertStale(RolledBack, Write("a", 0, 1), Write("b", 40, 41), Read("b", 201, 202));

    [Fact]
    public void Session_OlderThanTheCopy_IsStale() => AssertStale(RolledBack, Write("a", 0, 1), Write("b", 2, 3), Read("a", 201, 202));

    [Fact]
    public void Session_DeletedSinceTheCopy_MayComeBack() => AssertCorrect(RolledBack, Write("a", 0, 1), Delete(40, 41), Gone(42, 43), Read("a", 201, 202), Read("a", 203, 204));

    [Fact]
    public void Session_FirstAsInTheCopyAndThenAsBeforeTheLoss_IsWrong()
    {
        Verdict verdict = LossChecker.Check([Write("a", 0, 1), Write("b", 40, 41), Read("a", 201, 202), Read("b", 203, 204)], RolledBack);
        Assert.False(verdict.IsCorrect);
    }

    [Fact]
    public void Counter_RestoredAndGoingOn_IsRight() =>
        AssertCorrect(RolledBack, Increment(1, 0, 1), Increment(2, 40, 41), Count(1, 201, 202), Increment(2, 203, 204), Count(2, 205, 206));

    private static void AssertCorrect(Loss loss, params Operation[] history) => Assert.Empty(LossChecker.Check(history, loss).Violations);

    private static void AssertStale(Loss loss, params Operation[] history)
    {
        Verdict verdict = LossChecker.Check(history, loss);
        Assert.Equal(1, verdict.Count(ViolationKind.Stale));
        Assert.Single(verdict.Violations);
    }
}
