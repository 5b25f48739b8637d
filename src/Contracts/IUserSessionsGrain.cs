namespace OrleansSessions.Contracts;

/// <summary>
/// The sessions that are signed in as one user. The grain's key is <see cref="UserKey.Value"/>. Each call may be repeated by a caller that got no answer.
/// A session that a call has ended is unusable on every frontend when the call returns.
/// </summary>
/// <remarks>Each throws <see cref="SessionUnavailableException"/> and <see cref="SessionOwnershipException"/> as <see cref="ISessionGrain"/> does.</remarks>
[Alias("user-sessions")]
public interface IUserSessionsGrain : IGrainWithStringKey
{
    /// <summary>Maximum page size.</summary>
    const int MaxPage = 100;

    /// <summary>
    /// Returns the next page, the latest sessions first, each as its own grain describes it. A session that is signed in during the whole listing is listed once.
    /// </summary>
    /// <param name="cursor">0 to start, then <see cref="UserSessionPage.Cursor"/>.</param>
    /// <param name="count">The maximum number of sessions, 1 to <see cref="MaxPage"/>.</param>
    [Alias("list"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<UserSessionPage> ListAsync(long cursor, int count);

    /// <summary>Ends one session of the user.</summary>
    /// <param name="sessionKey">The <see cref="SessionKey.Value"/>.</param>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="actor">Who ends it: see <see cref="SessionActor"/>. Null: not told.</param>
    /// <returns>False if no session of this user was there.</returns>
    [Alias("end"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<bool> EndAsync(string sessionKey, EndReason reason, string? actor = null);

    /// <summary>Ends the user's sessions, those included that are just being signed in.</summary>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="except">The <see cref="SessionKey.Value"/> of a session that stays. Null: none.</param>
    /// <param name="tag">Ends only sessions with this tag. Null: all.</param>
    /// <param name="actor">Who ends them: see <see cref="SessionActor"/>. Null: not told.</param>
    /// <returns>The number of sessions that this call ended, or found being ended.</returns>
    [Alias("end-all"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<int> EndAllAsync(EndReason reason, string? except = null, string? tag = null, string? actor = null);
}
