using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client;

/// <summary>
/// Client of session grains for which a dying or leaving silo costs time but no error: an attempt without an answer within its response timeout is retried, with
/// jittered back-off, until the I/O timeout. Every call throws <see cref="SessionUnavailableException"/> when that has passed, or when Redis is away.
/// </summary>
public sealed class SessionClient
{
    /// <summary>Maximum I/O timeout: commits carry its end as their deadline, and sessions remember operations until their deadlines.</summary>
    public static readonly TimeSpan MaxIOTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The key of grains for which any key works.</summary>
    private const string AnyKey = "any";

    private readonly GrainReferences<ISessionGrain> _sessions;
    private readonly GrainReferences<ISessionCreationGrain> _creations;
    private readonly GrainReferences<ISessionLockGrain> _locks;
    private readonly GrainReferences<IUserSessionsGrain> _users;
    private readonly GrainReferences<ISessionStatisticsGrain> _statistics;
    private readonly GrainReferences<ISessionAuditGrain> _audit;
    private readonly SettledCommits _settled = new();
    private readonly CreationRoute _creationRoute;
    private readonly GrainCalls _calls;
    private readonly IPublishedSessions? _published;
    private readonly INewSessions? _new;

    /// <param name="grains">An Orleans client, or a silo's own grain factory.</param>
    /// <param name="ioTimeout">The time limit of a call, retries included.</param>
    /// <param name="time">The clock.</param>
    public SessionClient(IGrainFactory grains, TimeSpan ioTimeout, TimeProvider time)
        : this(grains, ioTimeout, time, published: null, newSessions: null)
    {
    }

    /// <inheritdoc cref="SessionClient(IGrainFactory, TimeSpan, TimeProvider)"/>
    /// <param name="grains">An Orleans client, or a silo's own grain factory.</param>
    /// <param name="ioTimeout">The time limit of a call, retries included.</param>
    /// <param name="time">The clock.</param>
    /// <param name="published">The sessions that are active in this process; null: it hosts no silo.</param>
    /// <param name="newSessions">Stores new sessions in this process; null: it hosts no silo.</param>
    internal SessionClient(IGrainFactory grains, TimeSpan ioTimeout, TimeProvider time, IPublishedSessions? published, INewSessions? newSessions)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(time);
        _sessions = new GrainReferences<ISessionGrain>(grains);
        _creations = new GrainReferences<ISessionCreationGrain>(grains);
        _locks = new GrainReferences<ISessionLockGrain>(grains);
        _users = new GrainReferences<IUserSessionsGrain>(grains);
        _statistics = new GrainReferences<ISessionStatisticsGrain>(grains);
        _audit = new GrainReferences<ISessionAuditGrain>(grains);
        _creationRoute = new CreationRoute(time);
        _calls = new GrainCalls(ioTimeout, time);
        _published = published;
        _new = newSessions;
    }

    /// <summary>Reads a session that has no secret.</summary>
    /// <inheritdoc cref="ISessionGrain.LoadAsync"/>
    public ValueTask<LoadResult> LoadAsync(SessionKey key, bool touch, CancellationToken cancellationToken) =>
        LoadPublished(key, touch, secret: default, incarnation: null, cancellationToken) is { } published ? ValueTask.FromResult(published)
        : _calls.RunAsync(_sessions, key.Value, touch, static (grain, touch, _) => grain.LoadAsync(touch), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.LoadAsync"/>
    public ValueTask<LoadResult> LoadAsync(SessionKey key, bool touch, SecretHash secret, CancellationToken cancellationToken) =>
        LoadPublished(key, touch, secret, incarnation: null, cancellationToken) is { } published ? ValueTask.FromResult(published)
        : _calls.RunAsync(
            _sessions,
            key.Value,
            (touch, secret, Presented: _calls.Now),
            static (grain, call, _) => grain.LoadAsync(call.touch, call.secret, incarnation: null, call.Presented),
            cancellationToken);

    /// <summary>Reads a session that was loaded before.</summary>
    /// <inheritdoc cref="ISessionGrain.LoadAsync"/>
    public ValueTask<LoadResult> LoadAgainAsync(SessionKey key, bool touch, Guid incarnation, CancellationToken cancellationToken) =>
        LoadPublished(key, touch, secret: default, incarnation, cancellationToken) is { } published ? ValueTask.FromResult(published)
        : _calls.RunAsync(_sessions, key.Value, (touch, incarnation), static (grain, call, _) => grain.LoadAsync(call.touch, default, call.incarnation), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.CommitAsync"/>
    public ValueTask<CommitResult> CommitAsync(SessionKey key, SessionCommit commit, CancellationToken cancellationToken) =>
        CommitAsync(key, commit, isTokenNew: false, cancellationToken);

    /// <summary>Commits under the key of a token that the caller has just made and given to no one. Stores the session without activating its grain, if possible.</summary>
    /// <inheritdoc cref="ISessionGrain.CommitAsync"/>
    public ValueTask<CommitResult> CreateAsync(SessionKey key, SessionCommit commit, CancellationToken cancellationToken) =>
        CommitAsync(key, commit, isTokenNew: true, cancellationToken);

    /// <summary>
    /// Reads the session after its pending changes are stored, and delays later changes until the announced one has arrived, for at most a quarter of a second. For a
    /// caller whose change depends on the read and was too late.
    /// </summary>
    /// <param name="key">The session.</param>
    /// <param name="change">The operation id of the change that follows.</param>
    /// <param name="touch">Whether this use of the session moves its idle deadline.</param>
    /// <param name="incarnation">The incarnation that was loaded; null: none, which finds only a session without a secret.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session. A session that is not active is not held.</returns>
    public ValueTask<LoadResult> HoldAsync(SessionKey key, Guid change, bool touch, Guid? incarnation, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _sessions,
            key.Value,
            (Change: new SessionOperation(change, _calls.Deadline), touch, incarnation),
            static (grain, call, _) => grain.HoldAsync(call.Change, call.touch, call.incarnation),
            cancellationToken);

    /// <inheritdoc cref="ISessionGrain.LetGoAsync"/>
    public async ValueTask LetGoAsync(SessionKey key, Guid change, CancellationToken cancellationToken) =>
        await _calls.RunAsync(
            _sessions,
            key.Value,
            change,
            static async (grain, change, _) =>
            {
                await grain.LetGoAsync(change);
                return true;
            },
            cancellationToken);

    /// <summary>Moves the idle deadline of a session that has no secret.</summary>
    /// <inheritdoc cref="ISessionGrain.RefreshAsync"/>
    public ValueTask<bool> RefreshAsync(SessionKey key, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && _published?.Refresh(key) == true ? ValueTask.FromResult(true)
        : _calls.RunAsync(_sessions, key.Value, true, static (grain, _, _) => grain.RefreshAsync(), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.DestroyAsync"/>
    public ValueTask<bool> DestroyAsync(SessionKey key, Guid? incarnation, CancellationToken cancellationToken) =>
        DestroyAsync(key, incarnation, EndReason.Destroyed, actor: null, cancellationToken);

    /// <inheritdoc cref="ISessionGrain.DestroyUnchangedAsync"/>
    public ValueTask<bool> DestroyUnchangedAsync(SessionKey key, Guid incarnation, long version, Guid operationId, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _sessions,
            key.Value,
            (incarnation, version, Operation: new SessionOperation(operationId, _calls.Deadline)),
            static (grain, call, _) => grain.DestroyUnchangedAsync(call.incarnation, call.version, call.Operation),
            cancellationToken);

    /// <inheritdoc cref="ISessionGrain.RotateAsync"/>
    public ValueTask<bool> RotateAsync(SessionKey key, SessionKey newKey, Guid incarnation, SecretHash secret, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _sessions,
            key.Value,
            (newKey, incarnation, Deadline: _calls.Deadline, secret),
            static (grain, call, _) => grain.RotateAsync(call.newKey.Value, call.incarnation, call.Deadline, call.secret),
            cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.AcquireAsync"/>
    public ValueTask<bool> AcquireLockAsync(SessionKey key, SessionLockRequest request, CancellationToken cancellationToken) =>
        _calls.RunAsync(_locks, key.Value, request, static (grain, request, _) => grain.AcquireAsync(request), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.GetLockAsync"/>
    public ValueTask<SessionLock?> GetLockAsync(SessionKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(_locks, key.Value, true, static (grain, _, _) => grain.GetLockAsync(), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.ReleaseAsync"/>
    public ValueTask<bool> ReleaseLockAsync(SessionKey key, byte[]? owner, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _locks, key.Value, (owner, Operation: NewOperation()), static (grain, call, _) => grain.ReleaseAsync(call.owner, call.Operation), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.ExtendAsync"/>
    public ValueTask<bool> ExtendLockAsync(SessionKey key, byte[]? owner, TimeSpan lease, CancellationToken cancellationToken) =>
        _calls.RunAsync(_locks, key.Value, (owner, lease), static (grain, call, _) => grain.ExtendAsync(call.owner, call.lease), cancellationToken);

    /// <inheritdoc cref="IUserSessionsGrain.ListAsync"/>
    public ValueTask<UserSessionPage> ListUserSessionsAsync(UserKey user, long cursor, int count, CancellationToken cancellationToken) =>
        _calls.RunAsync(_users, user.Value, (cursor, count), static (grain, call, _) => grain.ListAsync(call.cursor, call.count), cancellationToken);

    /// <inheritdoc cref="IUserSessionsGrain.EndAsync"/>
    public ValueTask<bool> EndUserSessionAsync(UserKey user, string sessionKey, EndReason reason, string? actor, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _users, user.Value, (sessionKey, reason, actor), static (grain, call, _) => grain.EndAsync(call.sessionKey, call.reason, call.actor), cancellationToken);

    /// <inheritdoc cref="IUserSessionsGrain.EndAllAsync"/>
    public ValueTask<int> EndUserSessionsAsync(UserKey user, EndReason reason, string? except, string? tag, string? actor, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _users,
            user.Value,
            (reason, except, tag, actor),
            static (grain, call, _) => grain.EndAllAsync(call.reason, call.except, call.tag, call.actor),
            cancellationToken);

    /// <inheritdoc cref="ISessionGrain.DescribeAsync"/>
    public ValueTask<SessionDescription?> DescribeAsync(SessionKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(_sessions, key.Value, true, static (grain, _, _) => grain.DescribeAsync(), cancellationToken);

    /// <summary>Ends a session from outside. When this returns, it is gone for every reader.</summary>
    /// <param name="key">The session.</param>
    /// <param name="incarnation">The incarnation to end.</param>
    /// <param name="reason">The reason for event handlers.</param>
    /// <param name="actor">Who ends it: see <see cref="SessionActor"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the session did not exist.</returns>
    public ValueTask<bool> EndAsync(SessionKey key, Guid incarnation, EndReason reason, string? actor, CancellationToken cancellationToken) =>
        DestroyAsync(key, incarnation, reason, actor, cancellationToken);

    /// <inheritdoc cref="ISessionStatisticsGrain.CountAsync"/>
    public ValueTask<SessionStatistics> CountSessionsAsync(CancellationToken cancellationToken) =>
        _calls.RunAsync(_statistics, AnyKey, true, static (grain, _, _) => grain.CountAsync(), cancellationToken);

    /// <inheritdoc cref="ISessionAuditGrain.LatestAsync"/>
    public ValueTask<AuditPage> LatestAuditAsync(int count, CancellationToken cancellationToken) =>
        _calls.RunAsync(_audit, AnyKey, count, static (grain, count, _) => grain.LatestAsync(count), cancellationToken);

    /// <inheritdoc cref="ISessionAuditGrain.AfterAsync"/>
    public ValueTask<AuditPage> AuditAfterAsync(string cursor, int count, CancellationToken cancellationToken) =>
        _calls.RunAsync(_audit, AnyKey, (cursor, count), static (grain, call, _) => grain.AfterAsync(call.cursor, call.count), cancellationToken);

    private ValueTask<bool> DestroyAsync(SessionKey key, Guid? incarnation, EndReason reason, string? actor, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            _sessions,
            key.Value,
            (incarnation, reason, Operation: NewOperation() with { Actor = actor }),
            static (grain, call, _) => grain.DestroyAsync(call.incarnation, call.reason, call.Operation),
            cancellationToken);

    private LoadResult? LoadPublished(SessionKey key, bool touch, SecretHash secret, Guid? incarnation, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? null : _published?.Load(key, touch, secret, incarnation);

    private ValueTask<CommitResult> CommitAsync(SessionKey key, SessionCommit commit, bool isTokenNew, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        ImmutableArray<Guid> settled = _settled.Take(key);
        return _calls.RunAsync(
            _sessions,
            key.Value,
            (Client: this, Key: key, Commit: commit with { Settled = settled, Deadline = commit.Deadline ?? _calls.Deadline }, isTokenNew),
            static (grain, call, age) => age == default
                ? call.Client.CommitOnceAsync(grain, call.Key, call.Commit, call.isTokenNew)
                : grain.CommitAsync(call.Commit with { Age = age }),
            cancellationToken);
    }

    private SessionOperation NewOperation() => new(Guid.NewGuid(), _calls.Deadline);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CommitResult> CommitOnceAsync(ISessionGrain grain, SessionKey key, SessionCommit commit, bool isTokenNew)
    {
        CommitResult result = isTokenNew && commit.SignIn is null && await TryCreateAsync(key, commit) is { } created ? created : await grain.CommitAsync(commit);
        if (result.Outcome == CommitOutcome.Applied)
        {
            _settled.Add(key, commit.OperationId);
        }

        return result;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CommitResult?> TryCreateAsync(SessionKey key, SessionCommit commit)
    {
        if (!_creationRoute.IsOpen)
        {
            return null;
        }

        try
        {
            if (await (_new?.TryCreateAsync(key.Value, commit) ?? _creations.Get(CreationRoute.GrainKeyFor(key)).CreateAsync(key.Value, commit)) is { } created)
            {
                return created;
            }
        }
        catch (SessionUnavailableException)
        {
            // Redis may have stored the session. Its grain reads it and finds out.
            return null;
        }
        catch (Exception exception) when (exception is TypeLoadException or OrleansException and not SessionOwnershipException)
        {
            // Silos of an earlier version don't know the grain.
        }

        _creationRoute.Close();
        return null;
    }
}
