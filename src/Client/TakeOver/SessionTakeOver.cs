using OrleansSessions.Contracts;

namespace OrleansSessions.Client.TakeOver;

/// <summary>
/// Takes sessions over from the Redis that kept them before, one at a time, when somebody first asks for one. From then on the session is the cluster's. What was
/// taken over, or ended, is renamed there and keeps its time to live: it is never taken over twice, and can be renamed back.
/// </summary>
/// <remarks>
/// Its name in the old Redis goes last: after a crash between, a session is found in the cluster first. A session ends in the cluster, too: the tombstone stops
/// those who have read the old value before and come with it afterwards.
/// </remarks>
/// <param name="oldRedis">The connection string of the old Redis; null: there is none.</param>
/// <param name="client">The cluster.</param>
public sealed class SessionTakeOver(string? oldRedis, SessionClient client) : IAsyncDisposable
{
    private readonly OldRedis? _old = oldRedis is null ? null : new OldRedis(oldRedis);

    /// <summary>Whether there is an old Redis.</summary>
    public bool IsConfigured => _old is not null;

    /// <summary>Takes a session over that is not in the cluster.</summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: that of the connection string.</param>
    /// <param name="key">The session.</param>
    /// <param name="sessionNamespace">The namespace that <paramref name="key"/> was derived in.</param>
    /// <param name="interpret">What is there, as a session; null: none.</param>
    /// <param name="cancellationToken">Ends the wait for the cluster.</param>
    /// <returns>Whether the cluster has to be asked again.</returns>
    /// <exception cref="SessionUnavailableException">The old Redis or the cluster can't be reached, or the session is larger than the cluster allows.</exception>
    public async ValueTask<bool> TryTakeOverAsync(
        ReadOnlyMemory<byte> name,
        int? database,
        SessionKey key,
        string sessionNamespace,
        Func<OldValue, OldSession?> interpret,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(interpret);
        if (_old is null)
        {
            return false;
        }

        if (await _old.ReadAsync(name, database) is not { } value)
        {
            // Somebody else may have taken it over since the cluster was asked, and nobody shall be logged out by that.
            return (await client.LoadAsync(key, touch: false, cancellationToken)).Outcome != LoadOutcome.None;
        }

        if (interpret(value) is not { } session)
        {
            return false;
        }

        CommitResult result = await CopyAsync(session, key, sessionNamespace, cancellationToken);
        if (result.Outcome is not (CommitOutcome.Applied or CommitOutcome.Conflict or CommitOutcome.Gone))
        {
            throw new SessionUnavailableException($"The session can't be taken over from the old Redis: {result.Violation?.ToString() ?? result.Outcome.ToString()}");
        }

        await _old.RetireAsync(name, database);
        return result.Outcome != CommitOutcome.Gone;
    }

    /// <summary>Sees to it that a session is not taken over any more, because the cluster has it.</summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: that of the connection string.</param>
    /// <returns>False: the old Redis has no such key, or there is none.</returns>
    public async ValueTask<bool> RetireAsync(ReadOnlyMemory<byte> name, int? database) => _old is not null && await _old.RetireAsync(name, database);

    /// <summary>Ends a session that the cluster was asked to end and does not have, or had not when it was asked.</summary>
    /// <inheritdoc cref="TryTakeOverAsync"/>
    /// <returns>False: it was nowhere.</returns>
    public async ValueTask<bool> EndAsync(
        ReadOnlyMemory<byte> name,
        int? database,
        SessionKey key,
        string sessionNamespace,
        Func<OldValue, OldSession?> interpret,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(interpret);
        if (_old is null)
        {
            return false;
        }

        // One that can't be taken over, for its size, can't come back either.
        if (await _old.ReadAsync(name, database) is { } value && interpret(value) is { } session)
        {
            await CopyAsync(session, key, sessionNamespace, cancellationToken);
        }

        return await client.DestroyAsync(key, null, cancellationToken) | await _old.RetireAsync(name, database);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _old?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask<CommitResult> CopyAsync(OldSession session, SessionKey key, string sessionNamespace, CancellationToken cancellationToken) =>
        client.CommitAsync(
            key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                BasedOnVersion = 0,
                UnlessEnded = true,
                Changes = [.. session.Changes],
                NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(session.IdleTimeout) },
                Namespace = sessionNamespace,
            },
            cancellationToken);
}
