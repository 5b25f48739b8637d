using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Moves of sessions to another key.</summary>
internal sealed class SessionMoves(
    SessionClient client, SessionTransactions transactions, KeyImport import, IOptions<RespOptions> options, TimeProvider time)
{
    private static readonly Reply NoSuchKey = Reply.Error("ERR no such key");

    /// <summary>
    /// Moves a session. To a key that was never used, as when a session id is regenerated, it moves whole, with its incarnation, and ends under the old key for
    /// requests in flight. To a used key it is copied, because Redis overwrites the key, and then ended.
    /// </summary>
    public async ValueTask<Reply> MoveAsync(ISessionCaller connection, SessionAddress from, SessionAddress to)
    {
        bool isSame = from.IsSameAs(to);
        if (!isSame)
        {
            connection.Reads.Forget(to.Key);
            await import.RetireAsync(to);
        }

        long started = time.GetTimestamp();
        bool isHeld = false;
        do
        {
            var operationId = Guid.NewGuid();
            LoadResult result = isHeld
                ? await client.HoldAsync(from.Key, operationId, touch: false, incarnation: null, connection.Aborted)
                : await client.LoadAsync(from.Key, touch: false, connection.Aborted);
            if (result.Snapshot is not { } session)
            {
                if (result.Outcome == LoadOutcome.None && await import.TryImportAsync(from, connection.Aborted))
                {
                    continue;
                }

                return NoSuchKey;
            }

            if (isSame)
            {
                return Reply.Ok;
            }

            await import.RetireAsync(from);

            // A session keeps its namespace, so it is copied between namespaces.
            bool? isRotated = from.Namespace == to.Namespace ? await RotateAsync(connection, from, to, session) : null;
            (bool isMoved, Reply? refusal) = isRotated is { } moved ? (moved, null) : await CopyAsync(connection, from, to, session, operationId);
            if (isMoved)
            {
                transactions.RememberOwnEnd(connection, from);
            }

            if (isMoved || refusal is not null)
            {
                return refusal ?? Reply.Ok;
            }

            isHeld = true;
        }
        while (time.GetElapsedTime(started) < options.Value.IOTimeout);

        return SessionErrors.TooMuchContention;
    }

    /// <summary>Returns false if the session has been replaced meanwhile; null if the other key has been used before.</summary>
    private async ValueTask<bool?> RotateAsync(ISessionCaller connection, SessionAddress from, SessionAddress to, SessionSnapshot session)
    {
        try
        {
            return await client.RotateAsync(from.Key, to.Key, session.Incarnation, secret: default, connection.Aborted);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async ValueTask<(bool IsMoved, Reply? Refusal)> CopyAsync(
        ISessionCaller connection, SessionAddress from, SessionAddress to, SessionSnapshot session, Guid operationId)
    {
        // Redis keeps the time to live; a session shared with other clients keeps its idle timeout.
        bool hasExpiry = session.IdleTimeout < KeyExpiry.None.IdleTimeout;
        var expiry = new KeyExpiry(session.IdleTimeout, hasExpiry && !to.Merges ? session.ExpiresAt : null);
        CommitResult result = await client.CommitAsync(
            to.Key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [.. PayloadDiff.Replace(new Payload(session.Shape, session.Entries)), expiry.ToChange()],
                NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(session.IdleTimeout) },
                Namespace = to.Namespace,
            },
            connection.Aborted);
        return result.Outcome == CommitOutcome.Applied
            ? (await client.DestroyUnchangedAsync(from.Key, session.Incarnation, session.Version, operationId, connection.Aborted), null)
            : (false, SessionErrors.Of(result));
    }
}
