using System.Diagnostics;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// Checker of what a replaced cookie gives access to: the whole session within its grace, and nothing after it. Presenting it then ends the session.
/// </summary>
internal static class RotationChecker
{
    public static void Check(IReadOnlyCollection<Operation> history, Verdict verdict)
    {
        foreach (Operation read in history.Where(operation => operation is { Action: Action.ReadWithOldCookie, Seen.IsGone: false }))
        {
            verdict.Add(ViolationKind.Stale, read, "The cookie was replaced longer ago than the grace.");
        }
    }

    /// <summary>
    /// The operations as those of a session without rotations: a read with a replaced cookie is a read, if its answer came in time, and the end of the session after
    /// the grace.
    /// </summary>
    /// <param name="history">What was asked.</param>
    /// <param name="grace">How soon after the rotation was asked for an answer must have come.</param>
    /// <param name="loss">What Redis lost. The session may then not know that the cookie was ever its own, and live on.</param>
    public static IReadOnlyList<Operation> Content(IReadOnlyList<Operation> history, TimeSpan grace, Loss? loss)
    {
        List<Operation> content = [];
        long rotated = 0;
        foreach (Operation operation in history.OrderBy(static operation => operation.Invoked))
        {
            switch (operation.Action)
            {
                case Action.Rotate:
                    rotated = operation.Invoked;
                    break;
                case Action.ReadInGrace:
                    if (operation.Completed != Operation.Never && Stopwatch.GetElapsedTime(rotated, operation.Completed) < grace && loss is null)
                    {
                        content.Add(operation with { Action = Action.Read });
                    }

                    break;
                case Action.ReadWithOldCookie:
                    bool isEnd = operation.Seen is { IsGone: true } && loss is null;
                    content.Add(operation with
                    {
                        Action = Action.Delete,
                        Seen = isEnd ? Observation.Done : null,
                        Completed = isEnd ? operation.Completed : Operation.Never,
                    });
                    break;
                default:
                    content.Add(operation);
                    break;
            }
        }

        return content;
    }
}
