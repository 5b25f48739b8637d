using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Session in the cluster: <see cref="ISession"/>, plus features of a shared, versioned session. Get it with
/// <see cref="OrleansSessionExtensions.GetOrleansSession"/>. Like every <see cref="ISession"/> it belongs to one request and is not thread-safe; requests may
/// use the same session in parallel.
/// </summary>
/// <remarks>
/// Changes through <see cref="ISession"/> are collected and stored as one commit before the response headers are sent, or by
/// <see cref="ISession.CommitAsync"/>. The asynchronous members below store at once, together with the collected changes. All throw
/// <see cref="SessionUnavailableException"/> if the cluster or its Redis can't be reached within <see cref="OrleansSessionOptions.IOTimeout"/>,
/// <see cref="SessionGoneException"/> if the session ended while the request ran, and <see cref="SessionLimitException"/> if it would become too large.
/// </remarks>
public interface IOrleansSession : ISession
{
    /// <summary>Whether the session is stored in the cluster.</summary>
    bool Exists { get; }

    /// <summary>The number of commits so far; 0 if the session is not stored.</summary>
    long Version { get; }

    /// <summary>When the session was created (UTC); null if it is not stored.</summary>
    DateTimeOffset? CreatedAt { get; }

    /// <summary>When the session ends unless it is used before (UTC); null if it is not stored.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>The name of the silo that holds the session; null if it is not stored.</summary>
    string? Silo { get; }

    /// <summary>Whose the session is; null: it is not signed in.</summary>
    SessionIdentity? Identity { get; }

    /// <summary>
    /// The idle timeout of this session. Setting it affects only this session, with the next commit. 1 second to 400 days.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    TimeSpan IdleTimeout { get; set; }

    /// <summary>Returns all entries, as seen by this request.</summary>
    IReadOnlyList<SessionEntry> GetEntries();

    /// <summary>Returns one entry, as seen by this request, or null. Its array is shared: do not change it.</summary>
    SessionEntry? GetEntry(string key);

    /// <summary>Sets an entry with a format; <see cref="ISession.Set"/> uses <see cref="EntryFormat.Bytes"/>.</summary>
    void SetEntry(string key, byte[] value, EntryFormat format);

    /// <summary>
    /// Adds to a number and stores it, atomically among all requests. A missing entry counts as 0. The entry is decimal text, as written by <c>Set&lt;long&gt;</c> and
    /// <c>SetString</c>, or a PHP int, which stays one.
    /// </summary>
    /// <returns>The sum.</returns>
    /// <exception cref="SessionEntryException">The entry is not a 64-bit integer, or the sum does not fit one.</exception>
    Task<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces a value by one computed from it and stores it, atomically among all requests: if another request changed the entry meanwhile, it is read and computed
    /// again. So the function may run several times and must have no side effects.
    /// </summary>
    /// <returns>The stored value.</returns>
    Task<T> UpdateAsync<T>(string key, Func<T?, T> update, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the session a new token and the browser a new cookie, in one write with what was collected: against theft, for example at intervals. The old token stays valid
    /// for <see cref="OrleansSessionOptions.RotationGrace"/>, for requests under way. A token without a secret part, as PHP's, is worthless at once: its session moves to a
    /// new key.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response has started, or the session runs on the stock session middleware, which owns the cookie.</exception>
    /// <exception cref="SessionRotatedException">Another request has rotated the session since this one's cookie was sent.</exception>
    Task RotateAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Rotates as <see cref="RotateAsync"/> does, but the old token opens nothing from then on. Call it whenever the user's rights grow, above all at a sign-in without
    /// <see cref="SignInAsync"/>, to prevent session fixation. Requests under way with the old token are anonymous; within
    /// <see cref="OrleansSessionOptions.RotationGrace"/> they don't count as reuse.
    /// </summary>
    /// <remarks>Set the new rights before you call it: they are then stored only if the rotation is.</remarks>
    /// <exception cref="InvalidOperationException">As with <see cref="RotateAsync"/>.</exception>
    /// <exception cref="SessionRotatedException">As with <see cref="RotateAsync"/>.</exception>
    Task RotateForSignInAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Signs the session in as a user, gives it a new token and the browser a new cookie, and stores what was collected, in one write. The old token opens nothing from then on.
    /// A session of another user becomes this user's. From then on it is in the user's list, <see cref="IUserSessions"/>. A token without a secret part, such as PHP's, takes
    /// two writes: the session moves to its new key first.
    /// </summary>
    /// <param name="userId">The application's id of the user. It stays in this process: the cluster learns a key made of it.</param>
    /// <param name="options">Details. Null: the device and the address are the request's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">
    /// As with <see cref="RotateAsync"/>; or <see cref="OrleansSessionOptions.UserKeySecret"/> is not set.
    /// </exception>
    /// <exception cref="SessionRotatedException">As with <see cref="RotateAsync"/>.</exception>
    /// <exception cref="TooManySessionsException">The user is signed in as often as the cluster allows.</exception>
    Task SignInAsync(string userId, SignInOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Signs out: the same as <see cref="DestroyAsync"/>, because nothing of a signed-in session may remain.</summary>
    Task SignOutAsync(CancellationToken cancellationToken = default) => DestroyAsync(cancellationToken);

    /// <summary>Ends the session for every device and request that shares it, and deletes the cookie. Later changes start a new session.</summary>
    Task DestroyAsync(CancellationToken cancellationToken = default);
}
