using System.Runtime.ExceptionServices;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>A commit that waits to be stored.</summary>
internal sealed class PendingCommit(SessionCommit commit)
{
    private ExceptionDispatchInfo? _failure;
    private CommitResult? _result;

    public SessionCommit Commit { get; } = commit;

    /// <summary>The one that came after this one.</summary>
    public PendingCommit? Next { get; set; }

    /// <summary>What is remembered of it in the state that is being stored; null: it is not among those that are stored.</summary>
    public AppliedOperation? Operation { get; set; }

    public bool IsDone => _result is not null || _failure is not null;

    public void Complete(CommitResult result) => _result = result;

    public void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);

    /// <summary>The answer, or the exception, of a commit that is done.</summary>
    public CommitResult Answer()
    {
        _failure?.Throw();
        return _result ?? throw new InvalidOperationException("The commit is not done yet.");
    }
}
