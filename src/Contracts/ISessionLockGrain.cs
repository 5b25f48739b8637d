using Orleans.Concurrency;

namespace OrleansSessions.Contracts;

/// <summary>
/// The lock of a session, for clients whose protocol has one. It is a lease that the session's grain holds in memory: who has it excludes nobody but others
/// who ask for it, and the session's own calls don't heed it. If the session exists, the lock moves with it to another silo in order; it is lost with a silo that is killed.
/// The grain's key is that of the session, whether the session exists or not.
/// </summary>
[Alias("session.lock")]
public interface ISessionLockGrain : IGrainWithStringKey
{
    /// <summary>Takes the lock, if need be after those who asked before. A repetition with the same operation id is answered as the first call was.</summary>
    /// <param name="request">Who wants it, and for how long.</param>
    /// <returns>False if others still had it when the caller's patience ended.</returns>
    [Alias("acquire"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> AcquireAsync(SessionLockRequest request);

    /// <summary>Who has the lock now, and until when. Null: nobody.</summary>
    [Alias("get-lock"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<SessionLock?> GetLockAsync();

    /// <summary>Gives the lock back.</summary>
    /// <param name="owner">The owner it is taken from; null: whoever has it.</param>
    /// <param name="operation">Makes repetitions of the call safe: they don't take the lock from its next holder. Null: each attempt counts.</param>
    /// <returns>False if it was not that owner's.</returns>
    [Alias("release"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> ReleaseAsync(byte[]? owner, SessionOperation? operation = null);

    /// <summary>Sets when the lock ends.</summary>
    /// <param name="owner">The owner whose lock it must be; null: whoever has it.</param>
    /// <param name="lease">From now on.</param>
    /// <returns>False if it is not that owner's.</returns>
    [Alias("extend-owned"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> ExtendAsync(byte[]? owner, TimeSpan lease);
}
