using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Transactions;

/// <summary>
/// Transaction commands MULTI, EXEC and DISCARD. The commands in between take effect together or, if the connection is lost before EXEC, not at all. WATCH makes
/// EXEC conditional on the key being unchanged.
/// </summary>
internal sealed class TransactionCommands(KeyMap keys, SessionTransactions transactions, SessionLocks locks) : ICommandGroup
{
    private const CommandFlags Flags = CommandFlags.Fast | CommandFlags.NotQueued;

    private static readonly Reply Nested = Reply.Error("ERR MULTI calls can not be nested");
    private static readonly Reply ExecAborted = Reply.Error("EXECABORT Transaction discarded because of previous errors.");
    private static readonly Reply WatchInside = Reply.Error("ERR WATCH inside MULTI is not allowed");

    private static readonly Reply ExecWithArguments =
        Reply.Error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command");

    private static readonly Reply WatchesOneKey = Reply.Error(
        "ERR a connection to the session cluster can watch one key: it can't check two sessions atomically. EXEC will fail");

    private static readonly Reply WatchesAnotherKey =
        Reply.Error("EXECABORT Transaction discarded: in the session cluster, WATCH and the transaction must use the same key.");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("MULTI", 1, Flags, Multi),
        new("EXEC", -1, Flags, ExecAsync),
        new("DISCARD", 1, Flags, Discard),
        new("WATCH", -2, Flags, WatchAsync) { FirstKey = 1, LastKey = -1, KeyStep = 1 },
        new("UNWATCH", 1, CommandFlags.Fast, Unwatch),
    ];

    private static Reply Multi(RespContext context)
    {
        if (context.Client.Transaction is not null)
        {
            return Nested;
        }

        context.Client.Transaction = new Transaction();
        return Reply.Ok;
    }

    private async ValueTask<Reply> ExecAsync(RespContext context)
    {
        RespClient client = context.Client;
        if (client.Transaction is not { } transaction)
        {
            return context.Command.Count > 0 ? ExecWithArguments : Reply.Error("ERR EXEC without MULTI");
        }

        client.Transaction = null;
        try
        {
            return context.Command.Count > 0 ? ExecWithArguments
                : transaction.IsFailed || client.Watched.IsRefused ? ExecAborted
                : await ExecAsync(context, transaction);
        }
        finally
        {
            client.Watched.Clear();
        }
    }

    private async ValueTask<Reply> ExecAsync(RespContext context, Transaction transaction)
    {
        WatchedKey watched = context.Client.Watched;
        if (watched.Address is { } key && transaction.Address is { } changed && !changed.IsSameAs(key))
        {
            return WatchesAnotherKey;
        }

        return (watched.Address ?? transaction.Address) is not { } address ? transaction.Run(SessionValue.None)
            : address.IsLock ? await ExecOnLockAsync(context, transaction, address)
            : await transactions.RunAsync(context.Client, address, transaction.Run, watched: watched.Session);
    }

    private async ValueTask<Reply> ExecOnLockAsync(RespContext context, Transaction transaction, SessionAddress address)
    {
        WatchedKey watched = context.Client.Watched;
        if (watched.Address is not null && ((await locks.FindAsync(context, address))?.OperationId ?? Guid.Empty) != watched.LockRequest)
        {
            return Reply.NullArray;
        }

        if (transaction.Address is null)
        {
            return transaction.Run(SessionValue.None);
        }

        // Releasing or extending the lock checks its owner again.
        (RespCommandDefinition definition, RespCommand command) = transaction.OnLock;
        return transaction.Answer(await definition.ExecuteAsync(context with { Command = command, LockOwner = watched.LockOwner }));
    }

    private static Reply Discard(RespContext context)
    {
        if (context.Client.Transaction is null)
        {
            return Reply.Error("ERR DISCARD without MULTI");
        }

        context.Client.Transaction = null;
        context.Client.Watched.Clear();
        return Reply.Ok;
    }

    private async ValueTask<Reply> WatchAsync(RespContext context)
    {
        RespClient client = context.Client;
        if (client.Transaction is not null)
        {
            return WatchInside;
        }

        WatchedKey watched = client.Watched;
        SessionAddress address = watched.Address ?? keys.Map(context.Command[0], client.Database);
        for (int i = 0; i < context.Command.Count; i++)
        {
            if (watched.IsRefused || !keys.Map(context.Command[i], client.Database).IsSameAs(address))
            {
                watched.Refuse();
                return WatchesOneKey;
            }
        }

        if (watched.Address is not null)
        {
            // The state at the first WATCH counts.
            return Reply.Ok;
        }

        try
        {
            if (address.IsLock)
            {
                SessionLock? held = await locks.FindAsync(context, address);
                watched.WatchLock(address, held?.OperationId ?? Guid.Empty, held?.Owner ?? Guid.NewGuid().ToByteArray());
            }
            else
            {
                watched.Watch(address, await transactions.MarkAsync(client, address));
            }
        }
        finally
        {
            if (watched.Address is null)
            {
                watched.Refuse();
            }
        }

        return Reply.Ok;
    }

    private static Reply Unwatch(RespContext context)
    {
        context.Client.Watched.Clear();
        return Reply.Ok;
    }
}
