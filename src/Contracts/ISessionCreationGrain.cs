namespace OrleansSessions.Contracts;

/// <summary>
/// Grain that stores new sessions without activating their grains: those of robots and of single visits are never read. Any grain key works; the gateway's silo stores
/// the session. An Orleans client sends all calls for one grain key to one gateway, so callers use several keys.
/// </summary>
[Alias("session-creation")]
public interface ISessionCreationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores a new session and answers once Redis has it. For the first attempt of a commit under the key of a token that the caller has just made. A retry belongs to
    /// <see cref="ISessionGrain.CommitAsync"/>, which recognizes the commit by its operation id if this one stored it.
    /// </summary>
    /// <param name="sessionKey">The <see cref="SessionKey.Value"/> of the new token.</param>
    /// <param name="commit">The commit; it is based on no session.</param>
    /// <returns>The answer; null: nothing was stored, the session's grain must decide.</returns>
    [Alias("create"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<CommitResult?> CreateAsync(string sessionKey, SessionCommit commit);
}
