using System.Runtime.ExceptionServices;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>A commit that waits to be stored.</summary>
internal sealed class PendingCommit(SessionCommit commit)
{
    private ExceptionDispatchInfo? _failure;

    public SessionCommit Commit { get; } = commit;

    public bool IsDone => Result is not null || _failure is not null;

    private CommitResult? Result { get; set; }

    public void Complete(CommitResult result) => Result = result;

    public void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);

    /// <summary>The answer, or the exception, of a commit that is done.</summary>
    public CommitResult Answer()
    {
        _failure?.Throw();
        return Result ?? throw new InvalidOperationException("The commit is not done yet.");
    }
}
