using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration;

/// <summary>
/// Operations on sessions for administrators. Its callers check permissions. Each call throws <see cref="SessionUnavailableException"/> if the cluster or its Redis can't be
/// reached in time, and <see cref="ArgumentException"/> for an invalid key.
/// </summary>
public sealed partial class SessionAdministrator
{
    private const int ParallelCalls = 16;

    private readonly IGrainFactory _grains;
    private readonly SessionClient _client;
    private readonly SessionAdministrationOptions _options;
    private readonly Lazy<byte[]?> _userKeySecret;
    private readonly ILogger<SessionAdministrator> _logger;

    /// <param name="grains">An Orleans client, or a silo's own grain factory.</param>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log, which tells who ended sessions and who read values.</param>
    public SessionAdministrator(IGrainFactory grains, IOptions<SessionAdministrationOptions> options, TimeProvider time, ILogger<SessionAdministrator> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _userKeySecret = new Lazy<byte[]?>(() => _options.ReadUserKeySecret(out _));
        _grains = grains;
        _client = new SessionClient(grains, _options.IOTimeout, time);
        _logger = logger;
    }

    /// <summary>Whether users can be found by their ids, because the secret of their keys is configured.</summary>
    public bool FindsUsers => _userKeySecret.Value is not null;

    /// <summary>Whether a text has the form of a session's key or a user's.</summary>
    public static bool IsKey(string? text) => UserKey.IsValid(text);

    /// <summary>Derives a user's key from the application's id; null: the secret of the keys is not configured.</summary>
    public UserKey? KeyOf(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _userKeySecret.Value is { } secret ? UserKey.For(secret, _options.UserNamespace, userId) : null;
    }

    /// <summary>Counts the sessions, in all and per silo.</summary>
    public async Task<SessionStatistics> CountAsync(CancellationToken cancellationToken) => await _client.CountSessionsAsync(cancellationToken);

    /// <summary>Lists a user's sessions, the latest first.</summary>
    /// <param name="user">The user.</param>
    /// <param name="cursor">0 for the first page, then <see cref="UserSessionPage.Cursor"/> of the page before.</param>
    /// <param name="count">The maximum number of sessions, 1 to 100.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UserSessionPage> ListAsync(UserKey user, long cursor, int count, CancellationToken cancellationToken) =>
        await _client.ListUserSessionsAsync(Checked(user), cursor, count, cancellationToken);

    /// <summary>Reads a session without touching it; null: it does not exist.</summary>
    public async Task<SessionContent?> ReadAsync(SessionKey session, CancellationToken cancellationToken)
    {
        if (await _client.DescribeAsync(Checked(session), cancellationToken) is not { } description)
        {
            return null;
        }

        LoadResult loaded = await _client.LoadAgainAsync(session, touch: false, description.Incarnation, cancellationToken);
        ImmutableArray<SessionEntry> entries = loaded.Snapshot?.Entries ?? [];
        return loaded.Snapshot is null ? null : new SessionContent(description, entries);
    }

    /// <summary>Records that an administrator has seen a session's values.</summary>
    public void NoteValuesRead(SessionKey session, string administrator) => LogValuesRead(_logger, administrator, session.Value);

    /// <summary>Ends a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="administrator">Who ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if it does not exist.</returns>
    public async Task<bool> EndAsync(SessionKey session, string administrator, CancellationToken cancellationToken)
    {
        bool isEnded = await _client.DescribeAsync(Checked(session), cancellationToken) is { } description
            && await _client.EndAsync(session, description.Incarnation, EndReason.EndedByAdministrator, SessionActor.Administrator(administrator), cancellationToken);
        if (isEnded)
        {
            LogEnded(_logger, administrator, session.Value);
        }

        return isEnded;
    }

    /// <summary>Ends all of a user's sessions, or some.</summary>
    /// <param name="user">The user.</param>
    /// <param name="except">The key of a session that stays. Null: none.</param>
    /// <param name="tag">Ends only sessions that were signed in with this tag. Null: all.</param>
    /// <param name="administrator">Who ends them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of ended sessions.</returns>
    public async Task<int> EndAllAsync(UserKey user, string? except, string? tag, string administrator, CancellationToken cancellationToken)
    {
        int ended = await _client.EndUserSessionsAsync(
            Checked(user), EndReason.EndedByAdministrator, except, tag, SessionActor.Administrator(administrator), cancellationToken);
        LogAllEnded(_logger, administrator, user.Value, ended);
        return ended;
    }

    /// <summary>
    /// Ends the sessions with a tag, whosever they are, one page of the namespace's sessions at a time. A session that is signed in with the tag during all calls is ended.
    /// One that is signed in meanwhile, or without a secret part in its token is moved to a new one, may stay: stop the sign-ins first, or go through the pages again. A failed
    /// call can be repeated with its cursor.
    /// </summary>
    /// <param name="sessionNamespace">The namespace of the sessions. Tickets have one of their own: that of the sessions, followed by <c>:tickets</c>.</param>
    /// <param name="tag">The tag that the sessions were signed in with.</param>
    /// <param name="cursor">0 for the first page, then <see cref="EndedPage.Cursor"/> of the page before.</param>
    /// <param name="count">About how many sessions to look at, with the tag or without, 1 to 1,000.</param>
    /// <param name="administrator">Who ends them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<EndedPage> EndTaggedAsync(
        string sessionNamespace, string tag, long cursor, int count, string administrator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessionNamespace);
        ArgumentException.ThrowIfNullOrEmpty(tag);
        SessionListPage page = await ReadPageAsync(sessionNamespace, cursor, count, cancellationToken);
        int ended = 0;
        await Parallel.ForEachAsync(
            page.Keys,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls, CancellationToken = cancellationToken },
            async (key, cancellation) =>
            {
                var session = new SessionKey(key);
                if (await _client.DescribeAsync(session, cancellation) is { } description
                    && description.Identity?.Tags.Contains(tag) == true
                    && await _client.EndAsync(session, description.Incarnation, EndReason.EndedByAdministrator, SessionActor.Administrator(administrator), cancellation))
                {
                    Interlocked.Increment(ref ended);
                }
            });
        if (ended > 0)
        {
            LogTaggedEnded(_logger, administrator, SessionActor.Clean(tag), ended);
        }

        return new EndedPage(ended, page.Cursor);
    }

    /// <summary>Returns the latest events of the audit trail.</summary>
    public async Task<AuditPage> LatestAuditAsync(int count, CancellationToken cancellationToken) => await _client.LatestAuditAsync(count, cancellationToken);

    /// <summary>Returns the events of the audit trail after another one.</summary>
    public async Task<AuditPage> AuditAfterAsync(string cursor, int count, CancellationToken cancellationToken) =>
        await _client.AuditAfterAsync(cursor, count, cancellationToken);

    private async Task<SessionListPage> ReadPageAsync(string sessionNamespace, long cursor, int count, CancellationToken cancellationToken)
    {
        try
        {
            return await _grains.GetGrain<ISessionListGrain>(0).ListAsync(sessionNamespace, cursor, count).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException and not SessionUnavailableException)
        {
            throw new SessionUnavailableException("The cluster did not list its sessions in time. Try again with the same cursor.", exception);
        }
    }

    private static SessionKey Checked(SessionKey key) => IsKey(key.Value) ? key : throw new ArgumentException("That is no session's key.", nameof(key));

    private static UserKey Checked(UserKey key) => IsKey(key.Value) ? key : throw new ArgumentException("That is no user's key.", nameof(key));

    [LoggerMessage(10, LogLevel.Information, "Administrator {Administrator} ended the session {SessionKey}.")]
    private static partial void LogEnded(ILogger logger, string administrator, string sessionKey);

    [LoggerMessage(11, LogLevel.Information, "Administrator {Administrator} ended sessions of the user {UserKey}: {Count}.")]
    private static partial void LogAllEnded(ILogger logger, string administrator, string userKey, int count);

    [LoggerMessage(13, LogLevel.Information, "Administrator {Administrator} ended sessions with the tag {Tag}: {Count}.")]
    private static partial void LogTaggedEnded(ILogger logger, string administrator, string? tag, int count);

    [LoggerMessage(12, LogLevel.Information, "Administrator {Administrator} read the values of the session {SessionKey}.")]
    private static partial void LogValuesRead(ILogger logger, string administrator, string sessionKey);
}
