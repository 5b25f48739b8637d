using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Connections;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Import;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol.Replies;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Runs commands against the sessions of the cluster.</summary>
internal sealed class SessionTransactions(SessionClient client, SessionImport import, LateWrites lateWrites, IOptions<RespOptions> options, TimeProvider time)
{
    /// <summary>The answer to a name that no entry can have.</summary>
    public static readonly Reply InvalidFieldName = Reply.Error("ERR a field's name is UTF-8 text that is not empty and has no control characters");

    /// <summary>
    /// Loads a session, runs an operation on it and commits what the operation has changed, if the session is still the same; otherwise again from the start.
    /// </summary>
    /// <param name="connection">Who asks.</param>
    /// <param name="address">The session.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="touch">Whether the operation is sure to restart the idle timeout, so that loading the session may do it.</param>
    public async ValueTask<Reply> RunAsync(RespClient connection, SessionAddress address, Func<KeyValue, Reply> operation, bool touch = false)
    {
        // Whenever somebody else is faster, somebody's command goes through.
        long started = time.GetTimestamp();
        do
        {
            LoadResult result = await client.LoadAsync(address.Key, touch, connection.Aborted);
            if (result.Outcome == LoadOutcome.None && await import.TryTakeOverAsync(address, connection.Aborted))
            {
                continue;
            }

            var value = new KeyValue(
                result.Snapshot, connection.Reads.Find(address.Key), options.Value.Handler, options.Value.Limits, time.GetUtcNow());
            Reply reply = operation(value);
            (bool isDone, Reply? refusal) = await CommitAsync(connection, address, value, touch);
            if (isDone)
            {
                return refusal ?? reply;
            }
        }
        while (time.GetElapsedTime(started) < options.Value.IOTimeout);

        return Reply.Error("ERR the session is changed by others too often; try again");
    }

    /// <summary>
    /// Sets a session's value in one call: what has changed since the connection read it, or the whole if it did not.
    /// </summary>
    public async ValueTask<Reply> WriteAsync(RespClient connection, SessionAddress address, ReadOnlyMemory<byte> payload, TimeSpan idleTimeout)
    {
        idleTimeout = SessionLifetime.Clamp(idleTimeout);
        var wanted = Payload.Split(payload, options.Value.Limits);
        RememberedRead? read = connection.Reads.Find(address.Key);
        List<SessionChange> changes = read is null ? [.. PayloadDiff.Replace(wanted)] : PayloadDiff.Between(read.Payload.AsShown(options.Value.Handler), wanted);
        if (changes.Count == 0
            && read is { Incarnation: { } incarnation }
            && read.IdleTimeout == idleTimeout
            && (await client.LoadAsync(address.Key, touch: true, connection.Aborted)).Snapshot is { } session
            && session.Incarnation == incarnation
            && session.IdleTimeout == idleTimeout)
        {
            return Reply.Ok;
        }

        changes.Add(SessionChange.SetIdleTimeout(idleTimeout));
        SessionCommit commit = NewCommit(address, changes, idleTimeout) with { BasedOn = read?.Incarnation };
        CommitResult result = read is null
            ? await import.OverwriteAsync(address, commit, connection.Aborted)
            : await client.CommitAsync(address.Key, commit, connection.Aborted);
        if (result.Outcome == CommitOutcome.Gone)
        {
            lateWrites.Count();
            return Reply.Ok;
        }

        if (result.Outcome != CommitOutcome.Applied)
        {
            return Refusal(result);
        }

        if (read is not null)
        {
            connection.Reads.Remember(address.Key, new RememberedRead(result.Incarnation, wanted, idleTimeout));
        }

        return Reply.Ok;
    }

    /// <summary>Ends a session, whatever it holds.</summary>
    public async ValueTask<bool> DestroyAsync(RespClient connection, SessionAddress address)
    {
        connection.Reads.Forget(address.Key);
        return await import.EndAsync(address, connection.Aborted);
    }

    private async ValueTask<(bool IsDone, Reply? Refusal)> CommitAsync(RespClient connection, SessionAddress address, KeyValue value, bool isTouched)
    {
        if (value.IsLateWrite)
        {
            lateWrites.Count();
            return (true, null);
        }

        RememberedRead? remembered = value.Remembered;
        if (!value.Exists && value.Loaded is { } ended)
        {
            connection.Reads.Forget(address.Key);
            await import.RetireAsync(address);
            return (await client.DestroyUnchangedAsync(address.Key, ended.Incarnation, ended.Version, connection.Aborted), null);
        }

        if (value.Exists && value.Changes.Count > 0)
        {
            SessionCommit commit = NewCommit(address, value.Changes, value.IdleTimeout) with
            {
                BasedOn = value.Loaded?.Incarnation,
                BasedOnVersion = value.Loaded?.Version ?? 0,
            };
            CommitResult result = await client.CommitAsync(address.Key, commit, connection.Aborted);
            if (result.Outcome is CommitOutcome.Conflict or CommitOutcome.Gone)
            {
                return (false, null);
            }

            if (result.Outcome != CommitOutcome.Applied)
            {
                return (true, Refusal(result));
            }

            remembered = remembered is null ? null : remembered with { Incarnation = result.Incarnation, IdleTimeout = value.IdleTimeout };
        }
        else if (value.IsRefreshed && !isTouched && !await client.RefreshAsync(address.Key, connection.Aborted))
        {
            return (false, null);
        }

        if (remembered is not null)
        {
            connection.Reads.Remember(address.Key, remembered);
        }
        else if (value.WasDeleted)
        {
            connection.Reads.Forget(address.Key);
        }

        return (true, null);
    }

    private static SessionCommit NewCommit(SessionAddress address, IEnumerable<SessionChange> changes, TimeSpan idleTimeout) => new()
    {
        OperationId = Guid.NewGuid(),
        Changes = [.. changes],
        NewSession = new SessionLifetime { IdleTimeout = idleTimeout },
        Namespace = address.Namespace,
    };

    private static Reply Refusal(CommitResult result) => result.Outcome switch
    {
        CommitOutcome.LimitExceeded => Reply.Error($"ERR {result.Violation}"),
        CommitOutcome.InvalidName => InvalidFieldName,
        CommitOutcome.Unknown => Reply.Error("ERR the session is changed so often that nobody knows whether this change was stored; read it again to see"),
        _ => Reply.Error($"ERR the session's silo answered {result.Outcome}: is it of an older version? Finish the upgrade of all silos"),
    };
}
