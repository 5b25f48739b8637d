using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Users;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Executor of commands on the cluster's sessions.</summary>
internal sealed class SessionTransactions(
    SessionClient client, KeyImport import, PhpUsers users, LateWriteMetrics lateWrites, IOptions<RespOptions> options, TimeProvider time)
{
    /// <summary>
    /// Loads a session, runs an operation on it and commits the changes if the session is still the same; otherwise starts again.
    /// </summary>
    /// <param name="connection">The caller.</param>
    /// <param name="address">The session.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="touch">Whether the operation certainly restarts the idle timeout, so that loading the session may do it.</param>
    /// <param name="fieldwise">Whether the operation depends only on the fields that it sets, so that changes to others don't matter.</param>
    /// <param name="watched">The required state of the session, or the reply is a null array. Null: any.</param>
    public async ValueTask<Reply> RunAsync(
        ISessionCaller connection, SessionAddress address, Func<SessionValue, Reply> operation, bool touch = false, bool fieldwise = false, SessionMark? watched = null)
    {
        long started = time.GetTimestamp();
        bool isHeld = false;
        do
        {
            // Optimistic first. A command that lost a race reserves the session, or it could lose forever.
            Guid? held = isHeld ? Guid.NewGuid() : null;
            SessionSnapshot? loaded = held is { } change
                ? (await client.HoldAsync(address.Key, change, touch, incarnation: null, connection.Aborted)).Snapshot
                : await LoadAsync(connection, address, touch);
            if (watched is { } mark && mark != SessionMark.Of(loaded))
            {
                return Reply.NullArray;
            }

            var value = new SessionValue(loaded, View(connection, address));
            Reply reply = operation(value);
            (bool isDone, Reply? refusal) = await CommitAsync(connection, address, value, new Attempt(held, touch, fieldwise));
            if (isDone)
            {
                return refusal ?? reply;
            }

            isHeld = watched is null;
        }
        while (time.GetElapsedTime(started) < options.Value.IOTimeout);

        return SessionErrors.TooMuchContention;
    }

    /// <summary>Returns the session's current mark, for comparison by a later transaction.</summary>
    public async ValueTask<SessionMark> MarkAsync(ISessionCaller connection, SessionAddress address) =>
        SessionMark.Of(await LoadAsync(connection, address, touch: false));

    /// <summary>Ends a session, regardless of its content.</summary>
    public async ValueTask<bool> DestroyAsync(ISessionCaller connection, SessionAddress address)
    {
        RememberedRead? read = View(connection, address).Read;
        connection.Reads.Forget(address.Key);
        bool isEnded = await import.EndAsync(address, connection.Aborted);
        RememberOwnEnd(connection, address);
        if (!isEnded)
        {
            RememberEnded(connection, read);
        }

        return isEnded;
    }

    /// <summary>Remembers that the session of a read had ended elsewhere before the connection changed or ended it.</summary>
    public void RememberEnded(ISessionCaller connection, RememberedRead? read)
    {
        if (users.EntryOf(read) is { } user)
        {
            connection.Reads.RememberEnded(user, time.GetUtcNow());
        }
    }

    /// <summary>Forgets the connection's read of a session that it has ended itself: its next write creates a new one.</summary>
    public void RememberOwnEnd(ISessionCaller connection, SessionAddress address)
    {
        if (address.Merges)
        {
            connection.Reads.Remember(address.Key, RememberedRead.OwnEnd, time.GetUtcNow());
        }
    }

    /// <summary>Loads a session, and imports it first if only the old Redis has it.</summary>
    public async ValueTask<SessionSnapshot?> LoadAsync(ISessionCaller connection, SessionAddress address, bool touch)
    {
        long started = time.GetTimestamp();
        do
        {
            LoadResult result = await client.LoadAsync(address.Key, touch, connection.Aborted);
            if (result.Outcome != LoadOutcome.None || !await import.TryImportAsync(address, connection.Aborted))
            {
                return result.Snapshot;
            }
        }
        while (time.GetElapsedTime(started) < options.Value.IOTimeout);

        throw new SessionUnavailableException("The session was imported from the old Redis but could not be loaded in time. Try again.");
    }

    /// <summary>The view of a session that a command starts from.</summary>
    public KeyView View(ISessionCaller connection, SessionAddress address)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new KeyView(address.Merges, address.Merges ? connection.Reads.Find(address.Key, now) : null, options.Value.Handler, options.Value.Limits, now);
    }

    /// <summary>A commit that creates the session if there is none.</summary>
    public static SessionCommit NewCommit(SessionAddress address, IEnumerable<SessionChange> changes, KeyExpiry expiry) => new()
    {
        OperationId = Guid.NewGuid(),
        Changes = [.. changes],
        NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(expiry.IdleTimeout) },
        Namespace = address.Namespace,
    };

    private async ValueTask<(bool IsDone, Reply? Refusal)> CommitAsync(ISessionCaller connection, SessionAddress address, SessionValue value, Attempt attempt)
    {
        if (value.IsLateWrite)
        {
            connection.Reads.Forget(address.Key);
            lateWrites.Count();
            await LetGoAsync(connection, address, attempt);
            return (true, null);
        }

        RememberedRead? remembered = value.Remembered;
        if (value.Exists)
        {
            List<SessionChange> changes = value.Changes();
            if (changes.Count > 0)
            {
                CommitResult result = await client.CommitAsync(address.Key, CommitOf(address, value, changes, attempt), connection.Aborted);
                if (result.Outcome == CommitOutcome.Gone && value.IsBlind)
                {
                    connection.Reads.Forget(address.Key);
                    lateWrites.Count();
                    return (true, null);
                }

                if (result.Outcome is CommitOutcome.Conflict or CommitOutcome.Gone)
                {
                    return (false, null);
                }

                if (result.Outcome != CommitOutcome.Applied)
                {
                    return (true, SessionErrors.Of(result));
                }

                remembered = remembered is null ? null : remembered with { Incarnation = result.Incarnation };
            }
            else
            {
                await LetGoAsync(connection, address, attempt);
                if (value.IsRefreshed && !attempt.IsTouched && !await client.RefreshAsync(address.Key, connection.Aborted))
                {
                    return (false, null);
                }
            }
        }
        else if (value.Loaded is { } ended)
        {
            await import.RetireAsync(address);
            if (!await client.DestroyUnchangedAsync(address.Key, ended.Incarnation, ended.Version, attempt.Held ?? Guid.NewGuid(), connection.Aborted))
            {
                return (false, null);
            }
        }

        if (address.Merges)
        {
            Remember(connection, address, value, remembered);
        }

        return (true, null);
    }

    /// <summary>Releases the reservation at once if this attempt will change nothing.</summary>
    private ValueTask LetGoAsync(ISessionCaller connection, SessionAddress address, Attempt attempt) =>
        attempt.Held is { } change ? client.LetGoAsync(address.Key, change, connection.Aborted) : ValueTask.CompletedTask;

    private SessionCommit CommitOf(SessionAddress address, SessionValue value, List<SessionChange> changes, Attempt attempt)
    {
        bool onlyFields = attempt.IsFieldwise && FieldChanges.TryCondition(value, ref changes);
        SessionCommit commit = NewCommit(address, changes, value.Expiry);
        return commit with
        {
            OperationId = attempt.Held ?? commit.OperationId,
            BasedOn = value.Loaded?.Incarnation,
            BasedOnVersion = onlyFields ? null : value.Loaded?.Version ?? 0,
            UnlessEnded = value.IsBlind,
            SignIn = address.Merges ? users.SignIn(changes, value.ReadBefore) : null,
        };
    }

    private static void Remember(ISessionCaller connection, SessionAddress address, SessionValue value, RememberedRead? read)
    {
        if (read is not null)
        {
            connection.Reads.Remember(address.Key, read, value.Now);
        }
        else if (value is { WasDeleted: true, Exists: false })
        {
            connection.Reads.Remember(address.Key, RememberedRead.OwnEnd, value.Now);
        }
        else if (value.WasWritten || value.WasDeleted)
        {
            connection.Reads.Forget(address.Key);
        }
    }

    /// <summary>One attempt at a command.</summary>
    /// <param name="Held">The operation id of the change that the session is reserved for; null: it is not reserved.</param>
    /// <param name="IsTouched">Whether loading the session has restarted the idle timeout.</param>
    /// <param name="IsFieldwise">Whether it depends only on the fields that it sets.</param>
    private readonly record struct Attempt(Guid? Held, bool IsTouched, bool IsFieldwise);
}
