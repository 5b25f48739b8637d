using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>A session, as the list of its user's sessions sees it.</summary>
[Alias("session.of-user-grain")]
internal interface ISessionOfUserGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells whether the session is the user's, or is about to be. If it is neither, it never will be by a sign-in that was listed before this call. Waits for no turn.
    /// </summary>
    [Alias("verify"), AlwaysInterleave, ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<SessionOfUser> VerifyAsync(string user);

    /// <summary>Ends the session if it is the user's, and cancels its sign-ins as this user that are under way.</summary>
    /// <returns>Whether there was something to end.</returns>
    [Alias("end"), AlwaysInterleave, ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<bool> EndAsync(string user, EndReason reason, string? actor = null);
}
