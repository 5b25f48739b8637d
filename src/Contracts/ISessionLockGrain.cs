using Orleans.Concurrency;

namespace OrleansSessions.Contracts;

/// <summary>
/// Lock of a session, for clients whose protocol has locks. It is an advisory lease that the session's grain holds in memory: it excludes only other lock requests, and the
/// session's own calls ignore it. If the session exists, the lock moves with it to another silo; it is lost if its silo is killed.
/// The grain's key is the session's, whether or not the session exists.
/// </summary>
[Alias("session.lock")]
public interface ISessionLockGrain : IGrainWithStringKey
{
    /// <summary>Acquires the lock, after earlier requests. A retry with the same operation id gets the first call's answer.</summary>
    /// <param name="request">The requester, the lease and the wait.</param>
    /// <returns>False if another owner still held it when the wait ended.</returns>
    [Alias("acquire"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> AcquireAsync(SessionLockRequest request);

    /// <summary>Returns the current owner and expiry. Null: the lock is free.</summary>
    [Alias("get-lock"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<SessionLock?> GetLockAsync();

    /// <summary>Releases the lock.</summary>
    /// <param name="owner">The required owner; null: any.</param>
    /// <param name="operation">Makes retries safe: they don't take the lock from its next owner. Null: each attempt counts.</param>
    /// <returns>False if this owner did not hold it.</returns>
    [Alias("release"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> ReleaseAsync(byte[]? owner, SessionOperation? operation = null);

    /// <summary>Sets the lock's expiry.</summary>
    /// <param name="owner">The required owner; null: any.</param>
    /// <param name="lease">The time from now.</param>
    /// <returns>False if this owner does not hold it.</returns>
    [Alias("extend-owned"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> ExtendAsync(byte[]? owner, TimeSpan lease);
}
