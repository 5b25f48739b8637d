namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>What a client asks of a session.</summary>
internal enum Action
{
    /// <summary>Sets the register to a value that no other write sets.</summary>
    Write,

    /// <summary>Shows the session's content.</summary>
    Read,

    /// <summary>Adds one to the counter and shows the sum.</summary>
    Increment,

    /// <summary>Adds an entry that no other operation adds.</summary>
    Add,

    /// <summary>Ends the session for good.</summary>
    Delete,

    /// <summary>Replaces the session's cookie.</summary>
    Rotate,

    /// <summary>Shows what a cookie still gives access to that was replaced longer ago than the grace.</summary>
    ReadWithOldCookie,

    /// <summary>Takes a lock if it is free. The answer shows the end if it is not.</summary>
    Acquire,

    /// <summary>Gives a lock back. The answer shows the end if it was not held any longer.</summary>
    Release,
}
