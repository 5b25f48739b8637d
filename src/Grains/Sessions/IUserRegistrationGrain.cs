using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// The list of a user's sessions, as the sessions write it. A session is listed before it is signed in, and leaves after it has ended. The key is the user's.
/// </summary>
[Alias("user-sessions.registration")]
internal interface IUserRegistrationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Lists a session that is about to be signed in, and ends others if there are too many. Waits for the ends, which take their sessions' turns: never call it in a
    /// session's turn.
    /// </summary>
    [Alias("register"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<RegistrationOutcome> RegisterAsync(UserRegistration registration);

    /// <summary>Lists a session that is about to move under its new key too. Waits for no session, so it may be called in a session's turn.</summary>
    /// <returns>False if the session is being ended: it must not move.</returns>
    [Alias("move"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<bool> MoveAsync(UserRegistration registration, string newKey);

    /// <summary>Lists a session as before a sign-in again whose commit was refused.</summary>
    /// <param name="actual">The session as it is.</param>
    /// <param name="refusedSignInId">The operation id of the refused sign-in: a later one stays.</param>
    [Alias("restore"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask RestoreAsync(UserRegistration actual, Guid refusedSignInId);

    /// <summary>Removes a session that has ended or is another user's now.</summary>
    /// <param name="sessionKey">The session's key.</param>
    /// <param name="signInId">The operation id of the sign-in that has ended: a later one stays.</param>
    /// <param name="endsBeside">Why the sessions beside it end too; null: they stay.</param>
    [Alias("leave"), OneWay]
    Task LeaveAsync(string sessionKey, Guid signInId, EndReason? endsBeside = null);
}
