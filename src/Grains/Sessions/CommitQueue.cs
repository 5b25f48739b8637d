using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// The commits that arrived while an earlier one was being stored. They are stored together, by one write: a session takes as many commits per second as it
/// is sent, and none waits for more than one write before its own.
/// </summary>
internal sealed class CommitQueue
{
    private readonly List<PendingCommit> _waiting = [];

    public IReadOnlyList<PendingCommit> Waiting => _waiting;

    /// <summary>Adds a commit, or finds it if this is a repetition of one that still waits.</summary>
    public PendingCommit Enqueue(SessionCommit commit)
    {
        PendingCommit? waiting = _waiting.Find(pending => pending.Commit.OperationId == commit.OperationId);
        if (waiting is null)
        {
            waiting = new PendingCommit(commit);
            _waiting.Add(waiting);
        }

        return waiting;
    }

    /// <summary>Fails everything that waits: none of it was stored.</summary>
    public void Fail(Exception exception)
    {
        foreach (PendingCommit pending in _waiting.Where(static pending => !pending.IsDone))
        {
            pending.Fail(exception);
        }

        _waiting.Clear();
    }

    /// <summary>Drops the commits that are done.</summary>
    public void DropDone() => _waiting.RemoveAll(static pending => pending.IsDone);
}
