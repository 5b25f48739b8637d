using Orleans.Concurrency;

namespace OrleansSessions.Contracts;

/// <summary>
/// One session. The grain's key is <see cref="SessionKey.Value"/>. Changes run one at a time, so the session is linearizable: a load that starts
/// after a commit was acknowledged sees it, from any frontend.
/// </summary>
/// <remarks>
/// Every call may be repeated by a caller that got no answer. Each throws <see cref="SessionUnavailableException"/> when the storage behind the
/// cluster can't be reached; the session is then as it was, or as the call would have made it, and a repetition finds out which.
/// </remarks>
[Alias("session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reads the session. It answers from memory while the session is active in the cluster, also while a commit is being stored or Redis is away.
    /// </summary>
    /// <param name="touch">Whether this use of the session moves its idle deadline.</param>
    [Alias("load"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<LoadResult> LoadAsync(bool touch);

    /// <summary>
    /// Applies a commit whole or not at all, and answers once Redis has stored it. Commits that arrive while the session is being stored are stored together
    /// by the next write.
    /// </summary>
    [Alias("commit"), AlwaysInterleave, ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<CommitResult> CommitAsync(SessionCommit commit);

    /// <summary>Moves the idle deadline without reading the entries.</summary>
    /// <returns>False if there is no session.</returns>
    [Alias("refresh"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> RefreshAsync();

    /// <summary>Ends the session. It is gone for every reader when this returns.</summary>
    /// <param name="incarnation">The incarnation to end, or null for whichever is there.</param>
    /// <param name="reason">The reason that event handlers get.</param>
    /// <returns>False if there was no such session.</returns>
    [Alias("destroy"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> DestroyAsync(Guid? incarnation, EndReason reason);

    /// <summary>Ends the session if nobody has changed it since it was loaded.</summary>
    /// <param name="incarnation">The incarnation that the caller loaded.</param>
    /// <param name="version">The version that the caller loaded.</param>
    /// <param name="operationId">A new random id for each call, the same for its repetitions: of several callers, one has ended the session.</param>
    /// <returns>False if it has changed or ended since, but by an earlier attempt of this call.</returns>
    [Alias("destroy-unchanged"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> DestroyUnchangedAsync(Guid incarnation, long version, Guid operationId);

    /// <summary>
    /// Moves the session, with its incarnation and version, to another key and leaves a tombstone here: the answer to session fixation.
    /// Requests that still work on the old key are answered <see cref="CommitOutcome.Gone"/>.
    /// </summary>
    /// <param name="newKey">The <see cref="SessionKey.Value"/> of a newly made token.</param>
    /// <param name="incarnation">The incarnation that the caller loaded.</param>
    /// <returns>False if that incarnation is no longer here.</returns>
    [Alias("rotate"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<bool> RotateAsync(string newKey, Guid incarnation);

    /// <summary>Describes the session for an administrator, without touching it. Null if there is none.</summary>
    [Alias("describe"), ResponseTimeout(SessionCalls.ResponseTimeout)]
    ValueTask<SessionDescription?> DescribeAsync();

    /// <summary>Asked by the expiry sweep when a deadline in its index has come: ends what is over and removes what is left of it.</summary>
    /// <param name="indexedDeadline">The deadline that the index holds.</param>
    /// <returns>When the sweep has to ask again, or null if nothing is left.</returns>
    [Alias("expire-if-due")]
    ValueTask<DateTimeOffset?> ExpireIfDueAsync(DateTimeOffset indexedDeadline);
}
