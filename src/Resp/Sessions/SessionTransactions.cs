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
    /// <summary>Reply to a name that no entry can have.</summary>
    public static readonly Reply InvalidFieldName = Reply.Error("ERR a field's name must be UTF-8 text, not empty and without control characters");

    /// <summary>Reply to a command that lost every race until its time limit.</summary>
    public static readonly Reply TooMuchContention = Reply.Error("ERR other clients keep changing the session; try again");

    /// <summary>Reply to a change of a session that only its token opens.</summary>
    public static readonly Reply SecretRequired = Reply.Error("ERR the session of this key has a secret, which no Redis client can show");

    /// <summary>Reply to a write that signs in a user who has as many sessions as the cluster allows.</summary>
    public static readonly Reply TooManySessions = Reply.Error("ERR the user has too many sessions");

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

        return TooMuchContention;
    }

    /// <summary>Returns the session's current mark, for comparison by a later transaction.</summary>
    public async ValueTask<SessionMark> MarkAsync(ISessionCaller connection, SessionAddress address) =>
        SessionMark.Of(await LoadAsync(connection, address, touch: false));

    /// <summary>Sets a session's value in one call.</summary>
    public ValueTask<Reply> WriteAsync(ISessionCaller connection, SessionAddress address, ReadOnlyMemory<byte> value, KeyExpiry expiry) =>
        address.Merges ? MergeAsync(connection, address, value, expiry.AsIdleTimeout()) : ReplaceAsync(connection, address, value, expiry);

    /// <summary>
    /// Adds to a number in one call, if the session exists, has the right shape and contains such a number.
    /// </summary>
    /// <param name="connection">The caller.</param>
    /// <param name="address">The session.</param>
    /// <param name="field">The field of a hash; null: the value.</param>
    /// <param name="by">The increment.</param>
    /// <returns>The sum or an error; null: the general path is needed.</returns>
    public async ValueTask<Reply?> TryAddAsync(ISessionCaller connection, SessionAddress address, string? field, long by)
    {
        SessionShape shape = field is null ? SessionShape.Blob : SessionShape.Hash;
        bool isValueThatMerges = field is null && address.Merges;
        if (isValueThatMerges
            || await LoadAsync(connection, address, touch: false) is not { } session
            || session.Shape != shape
            || (field is null && session.Entries.All(static entry => entry.Name != Payload.BlobName)))
        {
            return null;
        }

        SessionChange add = field is null ? SessionChange.AddToValue(by) : SessionChange.Add(field, by);
        SessionCommit commit = NewCommit(address, [SessionChange.ExpectShape(shape), add], KeyExpiry.None);
        CommitResult result = await client.CommitAsync(
            address.Key,
            commit with { BasedOn = session.Incarnation, Changes = address.Merges ? commit.Changes : commit.Changes.Add(SessionChange.KeepDeadline()) },
            connection.Aborted);
        return result.Outcome switch
        {
            CommitOutcome.Applied => Reply.Integer(result.Numbers[0]),

            // The increment may have been applied: another attempt could apply it twice.
            CommitOutcome.Unknown => Refusal(result),
            _ => null,
        };
    }

    /// <summary>Ends a session, whatever its content.</summary>
    public async ValueTask<bool> DestroyAsync(ISessionCaller connection, SessionAddress address)
    {
        connection.Reads.Forget(address.Key);
        bool isEnded = await import.EndAsync(address, connection.Aborted);
        RememberOwnEnd(connection, address);
        return isEnded;
    }

    /// <summary>Forgets the connection's read of a session that it has ended itself: its next write creates a new one.</summary>
    public void RememberOwnEnd(ISessionCaller connection, SessionAddress address)
    {
        if (address.Merges)
        {
            connection.Reads.Remember(address.Key, RememberedRead.OwnEnd, time.GetUtcNow());
        }
    }

    /// <summary>Returns the error for a commit that was not applied.</summary>
    public static Reply Refusal(CommitResult result) => result.Outcome switch
    {
        CommitOutcome.LimitExceeded => Reply.Error($"ERR {result.Violation}"),
        CommitOutcome.InvalidName => InvalidFieldName,
        CommitOutcome.SecretRequired => SecretRequired,
        CommitOutcome.TooManySessions => TooManySessions,
        CommitOutcome.Unknown => Reply.Error("ERR the session changes so often that it is unknown whether this change was stored; read it again"),
        _ => Reply.Error($"ERR the session's silo answered {result.Outcome}: it may run an older version. Finish upgrading all silos"),
    };

    private async ValueTask<SessionSnapshot?> LoadAsync(ISessionCaller connection, SessionAddress address, bool touch)
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

    private KeyView View(ISessionCaller connection, SessionAddress address)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new KeyView(address.Merges, address.Merges ? connection.Reads.Find(address.Key, now) : null, options.Value.Handler, options.Value.Limits, now);
    }

    private async ValueTask<Reply> ReplaceAsync(ISessionCaller connection, SessionAddress address, ReadOnlyMemory<byte> value, KeyExpiry expiry)
    {
        List<SessionChange> changes = [.. PayloadDiff.Replace(Payload.Whole(value)), expiry.ToChange()];
        CommitResult result = await import.OverwriteAsync(address, NewCommit(address, changes, expiry), connection.Aborted);
        return result.Outcome == CommitOutcome.Applied ? Reply.Ok : Refusal(result);
    }

    /// <summary>Commits the changes since the connection's read, or the whole value if it did not read.</summary>
    private async ValueTask<Reply> MergeAsync(ISessionCaller connection, SessionAddress address, ReadOnlyMemory<byte> value, KeyExpiry expiry)
    {
        KeyView view = View(connection, address);
        var wanted = Payload.Split(value, view.Limits);
        bool isCompared = view.Read is { IsComparable: true };
        List<SessionChange> changes = isCompared
            ? PayloadDiff.Between(view.Read!.Payload.AsShown(view.HandlerOfEntries), wanted)
            : [.. PayloadDiff.Replace(wanted)];
        if (changes.Count == 0 && (await client.LoadAsync(address.Key, touch: true, connection.Aborted)).Snapshot is { } session)
        {
            // Compare with the stored state, not with what the client was shown earlier.
            bool isStored = new Payload(session.Shape, session.Entries).HasAllOf(wanted);
            if (isStored && session.IdleTimeout == expiry.IdleTimeout && session.Incarnation == view.Read!.Incarnation)
            {
                connection.Reads.Forget(address.Key);
                return Reply.Ok;
            }

            changes.AddRange(isStored ? [] : PayloadDiff.Replace(wanted));
        }

        changes.Add(expiry.ToChange());
        SessionCommit commit = NewCommit(address, changes, expiry) with
        {
            BasedOn = view.Read?.Incarnation,
            UnlessEnded = view.Read is null,
            SignIn = users.SignIn(changes, view.Read),
        };
        CommitResult result = isCompared
            ? await client.CommitAsync(address.Key, commit, connection.Aborted)
            : await import.OverwriteAsync(address, commit, connection.Aborted);
        if (result.Outcome is not (CommitOutcome.Applied or CommitOutcome.Gone))
        {
            return Refusal(result);
        }

        connection.Reads.Forget(address.Key);
        if (result.Outcome == CommitOutcome.Gone)
        {
            lateWrites.Count();
        }

        return Reply.Ok;
    }

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
                    return (true, Refusal(result));
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
        bool onlyFields = attempt.IsFieldwise && value.TryConditionFields(ref changes);
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

    private static SessionCommit NewCommit(SessionAddress address, IEnumerable<SessionChange> changes, KeyExpiry expiry) => new()
    {
        OperationId = Guid.NewGuid(),
        Changes = [.. changes],
        NewSession = new SessionLifetime { IdleTimeout = SessionLifetime.Clamp(expiry.IdleTimeout) },
        Namespace = address.Namespace,
    };

    /// <summary>One attempt at a command.</summary>
    /// <param name="Held">The operation id of the change that the session is reserved for; null: it is not reserved.</param>
    /// <param name="IsTouched">Whether loading the session has restarted the idle timeout.</param>
    /// <param name="IsFieldwise">Whether it depends only on the fields that it sets.</param>
    private readonly record struct Attempt(Guid? Held, bool IsTouched, bool IsFieldwise);
}
