namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>Client's operation on a session.</summary>
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

    /// <summary>Reads with a cookie that a rotation has just replaced.</summary>
    ReadInGrace,

    /// <summary>Reads with a cookie that was replaced longer ago than the grace, which ends the session.</summary>
    ReadWithOldCookie,

    /// <summary>Takes a lock if it is free. Otherwise the answer shows the end.</summary>
    Acquire,

    /// <summary>Releases a lock. If it was no longer held, the answer shows the end.</summary>
    Release,
}
