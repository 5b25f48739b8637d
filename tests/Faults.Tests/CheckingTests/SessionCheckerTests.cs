using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Xunit;
using static OrleansSessions.Faults.Tests.CheckingTests.Handmade;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>Histories with each kind of violation, and similar ones without.</summary>
public sealed class SessionCheckerTests
{
    [Fact]
    public void Read_OlderThanAnAcknowledgedWrite_IsStale() =>
        AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 1), Write("b", 2, 3), Read("a", 4, 5));

    [Fact]
    public void Read_OlderThanAnotherReadSaw_IsStale() =>
        AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 1), Write("b", 2, 20), Read("b", 4, 5), Read("a", 6, 7));

    [Fact]
    public void Reads_OfTwoConcurrentWrites_SeenInBothOrders_AreStale() =>
        AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 9), Write("b", 0, 9), Read("a", 10, 19), Read("b", 10, 19));

    [Fact]
    public void Read_DuringTheWrite_MaySeeEither() =>
        AssertCorrect(Write("a", 0, 1), Write("b", 2, 9), Read("a", 3, 4), Read("b", 5, 6), Read("b", 10, 11));

    [Fact]
    public void Read_OfAnUnansweredWrite_IsRightAtAnyLaterTime() =>
        AssertCorrect(Write("a", 0, 1), Write("b", 2, 3).Unanswered(), Read("a", 4, 5), Read("b", 900, 901), Read("b", 902, 903));

    [Fact]
    public void UnansweredWrite_SeenAndThenNot_IsStale() =>
        AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 1), Write("b", 2, 3).Unanswered(), Read("b", 4, 5), Read("a", 6, 7));

    [Fact]
    public void Read_BeforeItsWriteWasRequested_IsWrong() =>
        AssertFinds(ViolationKind.Lost, 1, Write("a", 0, 1), Read("b", 2, 3), Write("b", 4, 5));

    [Fact]
    public void LastRead_OlderThanAnAcknowledgedWrite_IsLost() =>
        AssertFinds(ViolationKind.Lost, 1, Write("a", 0, 1), Write("b", 2, 3), Read("a", 100, 101).Final());

    [Fact]
    public void Read_OfAValueThatWasNeverWritten_IsLost() => AssertFinds(ViolationKind.Lost, 1, Write("a", 0, 1), Read("nothing", 2, 3));

    [Fact]
    public void Read_AfterTheDeletion_IsStale() =>
        AssertFinds(ViolationKind.Stale, 2, Write("a", 0, 1), Delete(2, 3), Read("a", 4, 5), Gone(6, 7), Read("a", 8, 9).Final());

    [Fact]
    public void Write_AcknowledgedAfterTheDeletion_IsStale() => AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 1), Delete(2, 3), Write("b", 4, 5));

    [Fact]
    public void Write_SeenAfterTheEndWasSeen_IsStale() =>
        AssertFinds(ViolationKind.Stale, 1, Write("a", 0, 1), Delete(2, 3).Unanswered(), Gone(4, 5), Read("a", 6, 7));

    [Fact]
    public void Session_GoneWithoutADeletion_IsLost() => AssertFinds(ViolationKind.Lost, 1, Write("a", 0, 1), Gone(2, 3), Gone(4, 5));

    [Fact]
    public void Session_SeenDuringItsDeletion_IsRight() => AssertCorrect(Write("a", 0, 1), Delete(2, 9), Read("a", 3, 5), Write("b", 4, 6), Gone(7, 8), Gone(10, 11));

    [Fact]
    public void Increments_WithTheSameSum_AreLost() => AssertFinds(ViolationKind.Lost, 1, Increment(1, 0, 9), Increment(1, 0, 9));

    [Fact]
    public void Increment_CountedTwice_IsTwice() => AssertFinds(ViolationKind.Twice, 1, Increment(1, 0, 1), Increment(3, 2, 3));

    [Fact]
    public void LastCount_AboveAllThatWasAsked_IsTwice() =>
        AssertFinds(ViolationKind.Twice, 1, Increment(1, 0, 1), Increment(2, 2, 3).Unanswered(), Count(3, 100, 101).Final());

    [Fact]
    public void LastCount_BelowTheAcknowledgedSum_IsLost() => AssertFinds(ViolationKind.Lost, 1, Increment(1, 0, 1), Increment(2, 2, 3), Count(1, 100, 101).Final());

    [Fact]
    public void Count_BelowAnEarlierRead_IsStale() => AssertFinds(ViolationKind.Stale, 1, Increment(1, 0, 1), Increment(2, 2, 3), Count(1, 4, 5), Count(2, 6, 7));

    [Fact]
    public void UnansweredIncrement_ExplainsASumOnce() =>
        AssertCorrect(Increment(1, 0, 1), Increment(0, 2, 3).Unanswered(), Count(1, 4, 5), Increment(3, 6, 7), Count(3, 8, 9).Final());

    [Fact]
    public void UnansweredIncrement_RequestedAfterTheSumWasSeen_DoesNotExplainIt() =>
        AssertFinds(ViolationKind.Twice, 1, Increment(1, 0, 1), Increment(3, 2, 3), Increment(0, 4, 5).Unanswered());

    [Fact]
    public void Entry_MissingFromALaterRead_IsStale() =>
        AssertFinds(ViolationKind.Stale, 1, Add("x", 0, 1), Add("y", 2, 3), Entries(["x"], 4, 5), Entries(["x", "y"], 6, 7));

    [Fact]
    public void Entries_MissingFromTheLastRead_AreLost() => AssertFinds(ViolationKind.Lost, 2, Add("x", 0, 1), Add("y", 2, 3), Entries([], 100, 101).Final());

    [Fact]
    public void Entry_ShownWithoutAnEarlierOne_IsStale() => AssertFinds(ViolationKind.Stale, 1, Add("x", 0, 1), Add("y", 2, 9), Entries(["y"], 0, 9));

    [Fact]
    public void Entries_OfConcurrentAdditions_SeenInBothOrders_AreStale() =>
        AssertFinds(ViolationKind.Stale, 1, Add("x", 0, 9), Add("y", 0, 9), Entries(["x"], 0, 9), Entries(["y"], 0, 9));

    private static void AssertFinds(ViolationKind kind, int count, params Operation[] history)
    {
        Verdict verdict = SessionChecker.Check(history);
        Assert.Equal(count, verdict.Count(kind));
        Assert.All(verdict.Violations, violation => Assert.Equal(kind, violation.Kind));
        Assert.False(LinearizabilitySearch.IsLinearizable(history));
    }

    private static void AssertCorrect(params Operation[] history)
    {
        Assert.Empty(SessionChecker.Check(history).Violations);
        Assert.True(LinearizabilitySearch.IsLinearizable(history));
    }
}
