using System.Runtime.ExceptionServices;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Commit waiting to be stored.</summary>
internal sealed class PendingCommit(SessionCommit commit)
{
    private ExceptionDispatchInfo? _failure;
    private CommitResult? _result;

    public SessionCommit Commit { get; } = commit;

    /// <summary>The next commit in the queue.</summary>
    public PendingCommit? Next { get; set; }

    /// <summary>The operation to remember in the state being stored; null: not part of it.</summary>
    public AppliedOperation? Operation { get; set; }

    /// <summary>The sign-in that the commit is, as of its latest attempt; null: none.</summary>
    public PendingSignIn? SignIn { get; set; }

    public bool IsDone => _result is not null || _failure is not null;

    public void Complete(CommitResult result) => _result = result;

    public void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);

    /// <summary>Returns the answer of a completed commit, or throws its exception.</summary>
    public CommitResult Answer()
    {
        _failure?.Throw();
        return _result ?? throw new InvalidOperationException("The commit is not done yet.");
    }
}
