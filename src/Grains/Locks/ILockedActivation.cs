using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Locks;

/// <summary>The activation of the session that a lock belongs to.</summary>
internal interface ILockedActivation
{
    /// <summary>Completes while the silo may answer for the session.</summary>
    ValueTask EnsureLeaseAsync();

    /// <summary>Reads the state, with which an earlier activation may have left the lock. Without Redis there is no such lock to find, and the call succeeds.</summary>
    ValueTask FindLeftLockAsync();

    /// <summary>Takes the lock that an earlier activation left, once; null: none was found.</summary>
    SessionLock? TakeLeftLock();

    /// <summary>Keeps the activation, and the lock in its memory, for some time.</summary>
    void StayFor(TimeSpan time);

    /// <summary>Drops the lock: no call uses it, and it has nothing to remember.</summary>
    void DropLock();
}
