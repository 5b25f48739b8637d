using System.Diagnostics;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Xunit;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.CheckingTests;

public sealed class RotationCheckerTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(7);
    private static readonly Observation Shown = Observation.Done;

    [Fact]
    public void OldCookie_ThatFindsNothingInItsGrace_IsAViolation() =>
        Assert.False(IsCorrect(At(1, Action.Read, Shown), At(2, Action.Rotate, Observation.Done), At(3, Action.ReadInGrace, Observation.Gone)));

    [Fact]
    public void OldCookie_WhoseAnswerCameTooLateToKnow_MayShowAnything() =>
        Assert.True(IsCorrect(At(1, Action.Read, Shown), At(2, Action.Rotate, Observation.Done), At(10, Action.ReadInGrace, Observation.Gone), At(11, Action.Read, Shown)));

    [Fact]
    public void OldCookie_ThatShowsTheSessionAfterItsGrace_IsAViolation() =>
        Assert.False(IsCorrect(At(2, Action.Rotate, Observation.Done), At(20, Action.ReadWithOldCookie, Shown)));

    [Fact]
    public void Session_ThatLivesOnAfterReuse_IsAViolation() =>
        Assert.False(IsCorrect(At(2, Action.Rotate, Observation.Done), At(20, Action.ReadWithOldCookie, Observation.Gone), At(21, Action.Read, Shown)));

    [Fact]
    public void Session_ThatEndsByReuse_IsRight() =>
        Assert.True(IsCorrect(
            At(1, Action.Read, Shown), At(2, Action.Rotate, Observation.Done), At(20, Action.ReadWithOldCookie, Observation.Gone), At(21, Action.Read, Observation.Gone)));

    [Fact]
    public void Session_ThatEndsWithoutReuse_IsAViolation() =>
        Assert.False(IsCorrect(At(2, Action.Rotate, Observation.Done), At(21, Action.Read, Observation.Gone)));

    private static bool IsCorrect(params Operation[] history)
    {
        Verdict verdict = SessionChecker.Check(RotationChecker.Content(history, Grace, loss: null));
        RotationChecker.Check(history, verdict);
        return verdict.IsCorrect;
    }

    private static Operation At(int second, Action action, Observation seen) => new()
    {
        Action = action,
        Seen = seen,
        Invoked = second * Stopwatch.Frequency,
        Completed = (second * Stopwatch.Frequency) + 1,
    };
}
