using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// The commits that arrived while an earlier one was being stored. They are stored together, by one write: a session takes as many commits per second as it
/// is sent, and none waits for more than one write before its own. Part of the grain's object, as most sessions have none: never copy it.
/// </summary>
internal struct CommitQueue
{
    /// <summary>The one that came first, with the others behind it; null: none waits.</summary>
    public PendingCommit? First { get; private set; }

    /// <summary>Adds a commit, or finds it if this is a repetition of one that still waits.</summary>
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

    /// <summary>Adds a commit before all that wait.</summary>
    public PendingCommit EnqueueFirst(SessionCommit commit)
    {
        First = new PendingCommit(commit) { Next = First };
        return First;
    }

    /// <summary>Fails everything that waits: none of it was stored.</summary>
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

    /// <summary>Drops the commits that are done.</summary>
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
