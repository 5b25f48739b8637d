using Orleans.Concurrency;

namespace OrleansSessions.Contracts;

/// <summary>
/// One session. The grain's key is <see cref="SessionKey.Value"/>. Changes run one at a time, so the session is linearizable: a load that starts
/// after a commit was acknowledged sees it, from any frontend.
/// </summary>
/// <remarks>
/// Every call may be repeated by a caller that got no answer. Each throws <see cref="SessionUnavailableException"/> when the storage behind the
/// cluster can't be reached; the session is then as it was, or as the call would have made it, and a repetition finds out which. Each throws
/// <see cref="SessionOwnershipException"/> while the silo can't prove that it owns the session: repeat the call.
/// A session may have a secret. Callers that show neither the secret nor the incarnation, which only the secret's holders learn, find no session and change none.
/// </remarks>
[Alias("session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reads the session. Served from memory while the session is active in the cluster, even while a commit is being stored or Redis is away.
    /// </summary>
    /// <param name="touch">Whether this use of the session moves its idle deadline.</param>
    /// <param name="secret">
    /// The secret of the caller's token. A wrong one finds no session. One that a rotation has replaced is reuse once its grace is over: event handlers learn of it,
    /// and the session ends if the rotation said so.
    /// </param>
    /// <param name="incarnation">The incarnation, for a caller that loaded the session before: the right to it, instead of the secret.</param>
    /// <param name="presentedAt">
    /// When the secret reached the caller (UTC). The grace is judged at that time: a call that is delayed on its way must not count as reuse. Null: now.
    /// </param>
    [Alias("load"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<LoadResult> LoadAsync(bool touch, SecretHash secret = default, Guid? incarnation = null, DateTimeOffset? presentedAt = null);

    /// <summary>
    /// Applies a commit completely or not at all, and answers once Redis has stored it. Commits that arrive while the session is being stored are stored together
    /// by the next write.
    /// </summary>
    [Alias("commit"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<CommitResult> CommitAsync(SessionCommit commit);

    /// <summary>
    /// Reads the session after its pending changes are stored, and delays later changes until <paramref name="change"/> has arrived, for at most a quarter of a second.
    /// For a caller whose change depends on the read and was too late: without a hold, a stream of other changes could make it too late forever.
    /// </summary>
    /// <param name="change">The id and the deadline of the following commit or end.</param>
    /// <param name="touch">Whether this use of the session moves its idle deadline.</param>
    /// <param name="incarnation">The incarnation that the caller loaded; null: none, which finds only a session without a secret.</param>
    /// <returns>The session. A session that is not active is not held.</returns>
    [Alias("hold"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<LoadResult> HoldAsync(SessionOperation change, bool touch, Guid? incarnation = null);

    /// <summary>Ends a hold whose change will not be sent.</summary>
    /// <param name="change">The id of the change that the session was held for.</param>
    [Alias("let-go"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask LetGoAsync(Guid change);

    /// <summary>Moves the idle deadline without reading the entries.</summary>
    /// <param name="secret">As with <see cref="LoadAsync"/>.</param>
    /// <returns>False if the session does not exist.</returns>
    [Alias("refresh"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> RefreshAsync(SecretHash secret = default);

    /// <summary>Ends the session. When this returns, it is gone for every reader.</summary>
    /// <param name="incarnation">The incarnation to end, or null for whichever is there, unless it has a secret.</param>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="operation">Makes retries safe: they don't end a session that was created after the first attempt. Null: each attempt counts.</param>
    /// <returns>False if the session did not exist.</returns>
    [Alias("destroy"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason, SessionOperation? operation = null);

    /// <summary>Ends the session if it has not changed since it was loaded.</summary>
    /// <param name="incarnation">The incarnation that the caller loaded.</param>
    /// <param name="version">The version that the caller loaded.</param>
    /// <param name="operation">Identifies the call: of several callers, only one ends the session.</param>
    /// <returns>False if it has changed or ended since then, except by an earlier attempt of this call.</returns>
    [Alias("destroy-unchanged"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, SessionOperation operation);

    /// <summary>
    /// Moves the session, with its incarnation and version, to another key and leaves a tombstone here: the answer to session fixation for tokens that have no secret
    /// part. Those that have one are rotated by <see cref="SessionCommit.Rotation"/>. Requests that still work on the old key are answered
    /// <see cref="CommitOutcome.Gone"/>.
    /// </summary>
    /// <param name="newKey">The <see cref="SessionKey.Value"/> of a new token.</param>
    /// <param name="incarnation">The incarnation that the caller loaded.</param>
    /// <param name="deadline">When the caller gives up (UTC): the session is not moved later, to a key that no client knows. Null: never.</param>
    /// <param name="secret">The new token's secret; default: it has none.</param>
    /// <returns>False if that incarnation is no longer here, or if the deadline has passed.</returns>
    [Alias("rotate"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> RotateAsync(string newKey, Guid incarnation, DateTimeOffset? deadline = null, SecretHash secret = default);

    /// <summary>Describes the session for an administrator, without touching it. Null if it does not exist.</summary>
    [Alias("describe"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<SessionDescription?> DescribeAsync();

    /// <summary>Called by the expiry sweep for a due index entry: ends an expired session and removes what is left of it.</summary>
    /// <param name="indexedDeadline">The deadline in the index.</param>
    /// <returns>When the sweep must ask again, or null if nothing is left.</returns>
    [Alias("expire-if-due"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline);
}
