using OrleansSessions.Contracts;

namespace OrleansSessions.Client.TakeOver;

/// <summary>
/// Takes sessions over from the Redis that kept them before, one at a time, when somebody first asks for one. From then on the session is the cluster's.
/// </summary>
/// <param name="old">The old Redis.</param>
/// <param name="client">The cluster.</param>
public sealed class SessionTakeOver(OldRedis old, SessionClient client)
{
    /// <summary>
    /// Takes a session over that is not in the cluster. Its name in the old Redis goes last: after a crash between, it is found in the cluster first.
    /// </summary>
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
        if (!old.IsConfigured)
        {
            return false;
        }

        if (await old.ReadAsync(name, database) is not { } value)
        {
            // Somebody else may have taken it over since the cluster was asked, and nobody shall be logged out by that.
            return (await client.LoadAsync(key, touch: false, cancellationToken)).Outcome != LoadOutcome.None;
        }

        if (interpret(value) is not { } session)
        {
            return false;
        }

        TimeSpan idleTimeout = session.IdleTimeout < SessionLifetime.MinIdleTimeout ? SessionLifetime.MinIdleTimeout
            : session.IdleTimeout > SessionLifetime.Max ? SessionLifetime.Max
            : session.IdleTimeout;
        CommitResult result = await client.CommitAsync(
            key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                BasedOnVersion = 0,
                Changes = [.. session.Changes],
                NewSession = new SessionLifetime { IdleTimeout = idleTimeout },
                Namespace = sessionNamespace,
            },
            cancellationToken);
        if (result.Outcome is not (CommitOutcome.Applied or CommitOutcome.Conflict))
        {
            throw new SessionUnavailableException($"The session can't be taken over from the old Redis: {result.Violation?.ToString() ?? result.Outcome.ToString()}");
        }

        await RetireAsync(name, database);
        return true;
    }

    /// <summary>Sees to it that a session is not taken over any more: the cluster has it, or has ended it.</summary>
    /// <param name="name">The key in the old Redis.</param>
    /// <param name="database">The database there; null: that of the connection string.</param>
    /// <returns>False: the old Redis has no such key, or there is none.</returns>
    public async ValueTask<bool> RetireAsync(ReadOnlyMemory<byte> name, int? database) => old.IsConfigured && await old.RetireAsync(name, database);
}
