using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Locks;

/// <summary>Activation of the session that a lock belongs to.</summary>
internal interface ILockedActivation
{
    /// <summary>Completes while the silo may answer for the session.</summary>
    ValueTask EnsureLeaseAsync();

    /// <summary>Reads the state, in which an earlier activation may have left the lock.</summary>
    /// <exception cref="SessionUnavailableException">Redis can't be reached: another call may hold the lock.</exception>
    ValueTask FindLeftLockAsync();

    /// <summary>Takes the lock left by an earlier activation, once; null: none.</summary>
    SessionLock? TakeLeftLock();

    /// <summary>Keeps the activation, and the lock in its memory, for a while.</summary>
    void StayFor(TimeSpan time);

    /// <summary>Drops the lock: no call uses it, and it has nothing to remember.</summary>
    void DropLock();
}
