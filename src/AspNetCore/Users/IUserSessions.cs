using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// The sessions that are signed in as one user, wherever they are. User ids are the application's; only keys made of them leave this process. A session that a call has
/// ended is unusable on every frontend when the call returns.
/// </summary>
/// <remarks>
/// All throw <see cref="SessionUnavailableException"/> if the cluster or its Redis can't be reached within <see cref="OrleansSessionOptions.IOTimeout"/>, and
/// <see cref="InvalidOperationException"/> if <see cref="OrleansSessionOptions.UserKeySecret"/> is not set.
/// </remarks>
public interface IUserSessions
{
    /// <summary>Lists the user's sessions, the latest first. The request's own is the one whose key is the session's <c>Id</c>.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cursor">0 for the first page, then <see cref="UserSessionPage.Cursor"/> of the page before.</param>
    /// <param name="count">The maximum number of sessions, 1 to 100.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<UserSessionPage> ListAsync(string userId, long cursor = 0, int count = IUserSessionsGrain.MaxPage, CancellationToken cancellationToken = default);

    /// <summary>Ends one session of the user.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="sessionKey">The session's key, as listed.</param>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="actor">Who ends it, for event handlers and the audit trail: see <see cref="SessionActor"/>. Null: not told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the user has no such session.</returns>
    Task<bool> EndAsync(
        string userId, string sessionKey, EndReason reason = EndReason.EndedByUser, string? actor = null, CancellationToken cancellationToken = default);

    /// <summary>Ends all of the user's sessions, or some.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="except">The key of a session that stays, such as the request's own. Null: none.</param>
    /// <param name="tag">Ends only sessions that were signed in with this tag. Null: all.</param>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="actor">Who ends it, for event handlers and the audit trail: see <see cref="SessionActor"/>. Null: not told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of ended sessions.</returns>
    Task<int> EndAllAsync(
        string userId,
        string? except = null,
        string? tag = null,
        EndReason reason = EndReason.EndedByUser,
        string? actor = null,
        CancellationToken cancellationToken = default);
}
