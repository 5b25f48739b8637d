using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Connections;
using OrleansSessions.Resp.Import;
using OrleansSessions.Resp.Keys;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Gives sessions another key.</summary>
internal sealed class SessionMoves(SessionClient client, SessionImport import)
{
    /// <summary>
    /// Moves a session. To a key that was never used, as when a session id is regenerated, it moves whole: with its incarnation, and with its end under the old key
    /// for those who still work on it. To a key in use it is copied, as Redis overwrites the key, and then ended.
    /// </summary>
    /// <returns>False if there is no session.</returns>
    public async ValueTask<bool> MoveAsync(RespClient connection, SessionAddress from, SessionAddress to)
    {
        connection.Reads.Forget(from.Key);
        connection.Reads.Forget(to.Key);
        await import.RetireAsync(to);
        while (true)
        {
            LoadResult result = await client.LoadAsync(from.Key, touch: false, connection.Aborted);
            if (result.Snapshot is not { } session)
            {
                if (result.Outcome == LoadOutcome.None && await import.TryTakeOverAsync(from, connection.Aborted))
                {
                    continue;
                }

                return false;
            }

            await import.RetireAsync(from);
            bool? isRotated = from.IsSameAs(to) ? true : await RotateAsync(connection, from, to, session);
            if (isRotated ?? await TryCopyAsync(connection, from, to, session))
            {
                return true;
            }
        }
    }

    /// <summary>False: the session is another one by now. Null: the other key has been used before.</summary>
    private async ValueTask<bool?> RotateAsync(RespClient connection, SessionAddress from, SessionAddress to, SessionSnapshot session)
    {
        try
        {
            return await client.RotateAsync(from.Key, to.Key, session.Incarnation, connection.Aborted);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async ValueTask<bool> TryCopyAsync(RespClient connection, SessionAddress from, SessionAddress to, SessionSnapshot session)
    {
        CommitResult result = await client.CommitAsync(
            to.Key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [.. PayloadDiff.Replace(new Payload(session.Shape, session.Entries)), SessionChange.SetIdleTimeout(session.IdleTimeout)],
                NewSession = new SessionLifetime { IdleTimeout = session.IdleTimeout },
                Namespace = to.Namespace,
            },
            connection.Aborted);
        return result.Outcome == CommitOutcome.Applied
            && await client.DestroyUnchangedAsync(from.Key, session.Incarnation, session.Version, connection.Aborted);
    }
}
