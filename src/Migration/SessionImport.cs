using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.Migration;

/// <summary>
/// Import of sessions from an old Redis, one at a time, when a session is first requested. From then on it belongs to the cluster. The old key of an imported or
/// ended session is renamed and keeps its time to live: it is never imported twice, and can be renamed back.
/// </summary>
/// <remarks>
/// The old key is renamed before the cluster stores the session, so a session in the cluster has no live key in the old Redis, however it ends: by a request, by its
/// deadline or by an administrator. If the old Redis refuses to rename, as a replica does, nothing is imported. A session that ends while others import it leaves
/// a tombstone, which refuses their copies.
/// </remarks>
public sealed class SessionImport : IAsyncDisposable
{
    /// <summary>Maximum age of a value when it is copied: a quarter of a tombstone's default lifetime.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly OldRedis? _old;
    private readonly SessionClient _client;
    private readonly TimeProvider _time;

    /// <param name="oldRedis">The connection string of the old Redis; null: none.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log for outages of the old Redis.</param>
    public SessionImport(string? oldRedis, SessionClient client, TimeProvider time, ILogger<SessionImport> logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _old = oldRedis is null ? null : new OldRedis(oldRedis, logger);
        _client = client;
        _time = time;
    }

    /// <summary>Whether an old Redis is configured.</summary>
    public bool IsConfigured => _old is not null;

    /// <summary>Imports a session that is not in the cluster.</summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: the connection string's.</param>
    /// <param name="key">The session.</param>
    /// <param name="sessionNamespace">The namespace of <paramref name="key"/>.</param>
    /// <param name="interpret">Converts the old value to a session; null: it is not one.</param>
    /// <param name="cancellationToken">Ends the wait for the cluster.</param>
    /// <returns>Whether to load the session from the cluster again.</returns>
    /// <exception cref="SessionUnavailableException">
    /// The old Redis or the cluster can't be reached, the old Redis refuses to rename the key, or the session is larger than the cluster allows.
    /// </exception>
    public async ValueTask<bool> TryImportAsync(
        ReadOnlyMemory<byte> name,
        int? database,
        SessionKey key,
        string sessionNamespace,
        Func<OldValue, ImportedSession?> interpret,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(interpret);
        if (_old is null)
        {
            return false;
        }

        long started = _time.GetTimestamp();
        if (await _old.FindAsync(name, database) is not { } value)
        {
            // Another request may have imported it in the meantime.
            return (await _client.LoadAsync(key, touch: false, cancellationToken)).Outcome != LoadOutcome.None;
        }

        if (interpret(value) is not { } session)
        {
            return false;
        }

        await _old.ClaimAsync(name, database);
        if (_time.GetElapsedTime(started) > MaxAge)
        {
            // A session that ended meanwhile may have lost its tombstone. The next request reads the value again.
            throw new SessionUnavailableException("The session could not be imported from the old Redis in time. Nothing is lost; try again later.");
        }

        CommitResult result = await CopyAsync(session, name, database, key, sessionNamespace, cancellationToken);
        if (result.Outcome is not (CommitOutcome.Applied or CommitOutcome.Conflict or CommitOutcome.Gone))
        {
            await ReleaseAsync(result, name, database);
            throw new SessionUnavailableException($"The session can't be imported from the old Redis: {result.Violation?.ToString() ?? result.Outcome.ToString()}");
        }

        await _old.RetireAsync(name, database);
        return result.Outcome != CommitOutcome.Gone;
    }

    /// <summary>
    /// Ensures that a session is no longer imported. Call it before the cluster ends or moves a session: an acknowledged end must also hold in the old Redis.
    /// </summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: the connection string's.</param>
    /// <returns>False if the old Redis has no such key, or none is configured.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis can't be reached, or refuses to rename the key. The session must not be ended then.</exception>
    public async ValueTask<bool> RetireAsync(ReadOnlyMemory<byte> name, int? database) => _old is not null && await _old.RetireAsync(name, database);

    /// <summary>Commits changes that replace the whole session, without reading it.</summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: the connection string's.</param>
    /// <param name="key">The session.</param>
    /// <param name="commit">The changes. If they are refused, the session stays in the old Redis unchanged.</param>
    /// <param name="cancellationToken">Ends the wait for the cluster.</param>
    /// <exception cref="SessionUnavailableException">The old Redis or the cluster can't be reached.</exception>
    public async ValueTask<CommitResult> OverwriteAsync(
        ReadOnlyMemory<byte> name, int? database, SessionKey key, SessionCommit commit, CancellationToken cancellationToken)
    {
        if (_old is null)
        {
            return await _client.CommitAsync(key, commit, cancellationToken);
        }

        bool isClaimed = await _old.ClaimAsync(name, database);
        CommitResult result = await CommitClaimedAsync(commit, name, database, key, cancellationToken);
        if (result.Outcome is CommitOutcome.Applied or CommitOutcome.Gone)
        {
            await _old.RetireAsync(name, database);
        }
        else if (isClaimed)
        {
            await ReleaseAsync(result, name, database);
        }

        return result;
    }

    /// <summary>Ends a session, whether it is in the cluster or only in the old Redis.</summary>
    /// <inheritdoc cref="TryImportAsync"/>
    /// <returns>False if it was in neither.</returns>
    public async ValueTask<bool> EndAsync(
        ReadOnlyMemory<byte> name,
        int? database,
        SessionKey key,
        string sessionNamespace,
        Func<OldValue, ImportedSession?> interpret,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(interpret);
        bool wasOld = false;
        if (_old is not null)
        {
            // Copy a session that is only in the old Redis first: its tombstone then refuses requests that read the old value and arrive later.
            if (await _old.FindAsync(name, database) is { } value && interpret(value) is { } session)
            {
                wasOld = await _old.ClaimAsync(name, database);
                await CopyAsync(session, name, database, key, sessionNamespace, cancellationToken);
            }

            wasOld |= await _old.RetireAsync(name, database);
        }

        return await _client.DestroyAsync(key, null, cancellationToken) | wasOld;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _old?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<CommitResult> CopyAsync(
        ImportedSession session, ReadOnlyMemory<byte> name, int? database, SessionKey key, string sessionNamespace, CancellationToken cancellationToken) =>
        CommitClaimedAsync(
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                BasedOnVersion = 0,
                UnlessEnded = true,
                Changes = [.. session.Changes],
                NewSession = new SessionLifetime
                {
                    IdleTimeout = SessionLifetime.Clamp(session.Lifetime.IdleTimeout),
                    AbsoluteLifetime = session.Lifetime.AbsoluteLifetime is { } absolute ? SessionLifetime.Clamp(absolute) : null,
                },
                Namespace = sessionNamespace,
            },
            name,
            database,
            key,
            cancellationToken);

    /// <summary>Releases a claimed key after a commit that was certainly not applied.</summary>
    private Task ReleaseAsync(CommitResult refused, ReadOnlyMemory<byte> name, int? database) =>
        refused.Outcome == CommitOutcome.Unknown ? Task.CompletedTask : _old!.ReleaseAsync(name, database);

    private async Task<CommitResult> CommitClaimedAsync(
        SessionCommit commit, ReadOnlyMemory<byte> name, int? database, SessionKey key, CancellationToken cancellationToken)
    {
        bool isAnswered = false;
        try
        {
            CommitResult result = await _client.CommitAsync(key, commit, cancellationToken);
            isAnswered = result.Outcome != CommitOutcome.Unknown;
            return result;
        }
        finally
        {
            if (!isAnswered)
            {
                await _old!.ProlongAsync(name, database);
            }
        }
    }
}
