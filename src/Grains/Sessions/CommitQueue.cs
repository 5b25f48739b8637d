using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Queue of commits that arrived during a write. The next write stores them together, so a session's commit rate is not limited by the latency of a write, and no
/// commit waits for more than one write before its own. Embedded in the grain's object, because most sessions have none: never copy it.
/// </summary>
internal struct CommitQueue
{
    /// <summary>The oldest commit, linked to the others; null: empty.</summary>
    public PendingCommit? First { get; private set; }

    /// <summary>Adds a commit, or finds it if this is a retry of one that still waits.</summary>
    public PendingCommit Enqueue(SessionCommit commit)
    {
        PendingCommit? last = null;
        for (PendingCommit? pending = First; pending is not null; pending = pending.Next)
        {
            if (pending.Commit.OperationId == commit.OperationId)
            {
                return pending;
            }

            last = pending;
        }

        var added = new PendingCommit(commit);
        if (last is null)
        {
            First = added;
        }
        else
        {
            last.Next = added;
        }

        return added;
    }

    /// <summary>Adds a commit in front of all others.</summary>
    public PendingCommit EnqueueFirst(SessionCommit commit)
    {
        First = new PendingCommit(commit) { Next = First };
        return First;
    }

    /// <summary>Fails all waiting commits: none of them was stored.</summary>
    public void Fail(Exception exception)
    {
        for (PendingCommit? pending = First; pending is not null; pending = pending.Next)
        {
            if (!pending.IsDone)
            {
                pending.Fail(exception);
            }
        }

        First = null;
    }

    /// <summary>Removes completed commits.</summary>
    public void DropDone()
    {
        while (First is { IsDone: true } done)
        {
            First = done.Next;
        }

        for (PendingCommit? pending = First; pending is not null; pending = pending.Next)
        {
            while (pending.Next is { IsDone: true } done)
            {
                pending.Next = done.Next;
            }
        }
    }
}
