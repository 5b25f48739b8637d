using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Users;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Writes in one commit that the session's current state does not condition.</summary>
internal sealed class SessionWrites(SessionClient client, SessionTransactions transactions, KeyImport import, PhpUsers users, LateWriteMetrics lateWrites)
{
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
            || await transactions.LoadAsync(connection, address, touch: false) is not { } session
            || session.Shape != shape
            || (field is null && session.Entries.All(static entry => entry.Name != Payload.BlobName)))
        {
            return null;
        }

        SessionChange add = field is null ? SessionChange.AddToValue(by) : SessionChange.Add(field, by);
        SessionCommit commit = SessionTransactions.NewCommit(address, [SessionChange.ExpectShape(shape), add], KeyExpiry.None);
        CommitResult result = await client.CommitAsync(
            address.Key,
            commit with { BasedOn = session.Incarnation, Changes = address.Merges ? commit.Changes : commit.Changes.Add(SessionChange.KeepDeadline()) },
            connection.Aborted);
        return result.Outcome switch
        {
            CommitOutcome.Applied => Reply.Integer(result.Numbers[0]),

            // The increment may have been applied: another attempt could apply it twice.
            CommitOutcome.Unknown => SessionErrors.Of(result),
            _ => null,
        };
    }

    private async ValueTask<Reply> ReplaceAsync(ISessionCaller connection, SessionAddress address, ReadOnlyMemory<byte> value, KeyExpiry expiry)
    {
        List<SessionChange> changes = [.. PayloadDiff.Replace(Payload.Whole(value)), expiry.ToChange()];
        CommitResult result = await import.OverwriteAsync(address, SessionTransactions.NewCommit(address, changes, expiry), connection.Aborted);
        return result.Outcome == CommitOutcome.Applied ? Reply.Ok : SessionErrors.Of(result);
    }

    /// <summary>Commits the changes since the connection's read, or the whole value if it did not read.</summary>
    private async ValueTask<Reply> MergeAsync(ISessionCaller connection, SessionAddress address, ReadOnlyMemory<byte> value, KeyExpiry expiry)
    {
        KeyView view = transactions.View(connection, address);
        var wanted = Payload.Split(value, view.Limits);
        bool isCompared = view.Read is { IsComparable: true };
        List<SessionChange> changes = isCompared
            ? PayloadDiff.Between(view.Read!.Payload.AsShown(view.HandlerOfEntries), wanted)
            : [.. PayloadDiff.Replace(wanted)];
        if (PhpUsers.MovesEndedSession(changes, view.Read, view.Now))
        {
            lateWrites.Count();
            return Reply.Ok;
        }

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
        SessionCommit commit = SessionTransactions.NewCommit(address, changes, expiry) with
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
            return SessionErrors.Of(result);
        }

        connection.Reads.Forget(address.Key);
        if (result.Outcome == CommitOutcome.Gone)
        {
            transactions.RememberEnded(connection, view.Read);
            lateWrites.Count();
        }

        return Reply.Ok;
    }
}
