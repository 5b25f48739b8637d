using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Import;

/// <summary>
/// Takes sessions over from the Redis that kept them before, one at a time, when a client first asks for one. From then on the session is the cluster's.
/// </summary>
internal sealed class SessionImport(OldRedis old, SessionClient client, IOptions<RespOptions> options)
{
    /// <summary>Takes a session over that is not in the cluster. Its name in the old Redis goes last: after a crash it is found in the cluster first.</summary>
    /// <returns>Whether the cluster has to be asked again.</returns>
    public async ValueTask<bool> TryTakeOverAsync(SessionAddress address, CancellationToken cancellationToken)
    {
        if (!old.IsConfigured || await old.ReadAsync(address.Name, address.Database, options.Value.Limits) is not { } session)
        {
            return false;
        }

        TimeSpan idleTimeout = session.TimeToLive < SessionLifetime.MinIdleTimeout ? SessionLifetime.MinIdleTimeout : session.TimeToLive;
        CommitResult result = await client.CommitAsync(
            address.Key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                BasedOnVersion = 0,
                Changes = [.. PayloadDiff.Replace(session.Payload), SessionChange.SetIdleTimeout(idleTimeout)],
                NewSession = new SessionLifetime { IdleTimeout = idleTimeout },
                Namespace = address.Namespace,
            },
            cancellationToken);
        if (result.Outcome is not (CommitOutcome.Applied or CommitOutcome.Conflict))
        {
            throw new SessionUnavailableException($"The session can't be taken over from the old Redis: {result.Violation?.ToString() ?? result.Outcome.ToString()}");
        }

        await RetireAsync(address);
        return true;
    }

    /// <summary>Sees to it that a session is not taken over any more: the cluster has it, or has ended it.</summary>
    /// <returns>False: the old Redis had none.</returns>
    public async ValueTask<bool> RetireAsync(SessionAddress address) =>
        old.IsConfigured && await old.RetireAsync(address.Name, address.Database);
}
