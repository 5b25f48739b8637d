using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Commands.Strings;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Keyspace;

/// <summary>Keyspace commands: existence, deletion, type and rename of keys.</summary>
internal sealed class KeyspaceCommands(KeyCommand keyCommand, KeyMap keys, SessionTransactions transactions, SessionMoves moves, SessionLocks locks)
    : ICommandGroup
{
    private const int MaxKeysOfMGet = 1_000;
    private const int KeysOfMGetAtOnce = 16;

    private static readonly Reply TooManyKeys = Reply.Error($"ERR the session cluster reads at most {MaxKeysOfMGet} keys at once");
    private static readonly Reply OneKeyOnly = Reply.Error("ERR the session cluster sets one key per command: it can't change two sessions atomically");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        ManyKeys("DEL", CommandFlags.Write, DeleteAsync, static (value, _) => Delete(value)),
        ManyKeys("UNLINK", CommandFlags.Write | CommandFlags.Fast, DeleteAsync, static (value, _) => Delete(value)),
        ManyKeys("EXISTS", CommandFlags.ReadOnly | CommandFlags.Fast, ExistsAsync, static (value, _) => Exists(value)),
        ManyKeys("TOUCH", CommandFlags.ReadOnly | CommandFlags.Fast, ExistsAsync, static (value, _) => Exists(value)),
        ManyKeys("MGET", CommandFlags.ReadOnly | CommandFlags.Fast, GetManyAsync, static (value, _) => Reply.Array(GetStringOrNull(value))),
        keyCommand.Define("TYPE", 2, CommandFlags.ReadOnly | CommandFlags.Fast, static (value, _) => TypeOf(value), locks.TypeAsync),
        new("MSET", -3, CommandFlags.Write, context => SetManyAsync(context, SetLast)) { FirstKey = 1, LastKey = -1, KeyStep = 2, Operation = SetLast },
        new("MSETNX", -3, CommandFlags.Write, context => SetManyAsync(context, SetLastNx)) { FirstKey = 1, LastKey = -1, KeyStep = 2, Operation = SetLastNx },
        new("RENAME", 3, CommandFlags.Write, RenameAsync) { FirstKey = 1, LastKey = 2, KeyStep = 1 },
    ];

    private static RespCommandDefinition ManyKeys(string name, CommandFlags flags, Func<RespContext, ValueTask<Reply>> execute, KeyOperation ofOneKey) =>
        new(name, -2, flags, execute) { FirstKey = 1, LastKey = -1, KeyStep = 1, Operation = ofOneKey, OperatesOnEachKey = true };

    private async ValueTask<Reply> DeleteAsync(RespContext context)
    {
        int deleted = 0;
        foreach (SessionAddress address in Addresses(context))
        {
            deleted += address.IsLock
                ? await locks.ReleaseAsync(context, address, context.LockOwner) == Reply.One ? 1 : 0
                : await transactions.DestroyAsync(context.Client, address) ? 1 : 0;
        }

        return Reply.Integer(deleted);
    }

    private async ValueTask<Reply> ExistsAsync(RespContext context)
    {
        int existing = 0;
        foreach (SessionAddress address in Addresses(context))
        {
            bool exists = address.IsLock
                ? await locks.ExistsAsync(context, address)
                : await transactions.RunAsync(context.Client, address, Exists) == Reply.One;
            existing += exists ? 1 : 0;
        }

        return Reply.Integer(existing);
    }

    private async ValueTask<Reply> GetManyAsync(RespContext context)
    {
        if (context.Command.Count > MaxKeysOfMGet)
        {
            return TooManyKeys;
        }

        List<Reply> values = [];
        long bytes = 0;
        foreach (SessionAddress[] slice in Addresses(context).Chunk(KeysOfMGetAtOnce))
        {
            Reply[] read = await Task.WhenAll(slice.Select(address =>
                address.IsLock ? Task.FromResult(Reply.Null) : transactions.RunAsync(context.Client, address, GetStringOrNull).AsTask()));
            values.AddRange(read);
            long more = read.Sum(static value => value.Bytes);
            bytes += more;
            if (bytes > Reply.MaxBytes || !context.Client.Buffers.HoldMore(more))
            {
                return Reply.TooLong;
            }
        }

        return Reply.Array(values);
    }

    private async ValueTask<Reply> RenameAsync(RespContext context)
    {
        SessionAddress from = keys.Map(context.Command[0], context.Client.Database);
        SessionAddress to = keys.Map(context.Command[1], context.Client.Database);
        return from.IsLock || to.IsLock ? LockReplies.NotSupported
            : await moves.MoveAsync(context.Client, from, to);
    }

    private ValueTask<Reply> SetManyAsync(RespContext context, KeyOperation operation)
    {
        RespCommand command = context.Command;
        SessionAddress address = keys.Map(command[0], context.Client.Database);
        for (int i = 2; i < command.Count; i += 2)
        {
            if (!keys.Map(command[i], context.Client.Database).IsSameAs(address))
            {
                return ValueTask.FromResult(command.Count % 2 == 0 ? OneKeyOnly : Reply.WrongNumberOfArguments(command.Name));
            }
        }

        return address.IsLock
            ? ValueTask.FromResult(LockReplies.NotSupported)
            : transactions.RunAsync(context.Client, address, value => operation(value, command));
    }

    /// <summary>For a repeated key, the last value wins.</summary>
    private static Reply SetLast(SessionValue value, RespCommand command)
    {
        if (command.Count % 2 != 0)
        {
            return Reply.WrongNumberOfArguments(command.Name);
        }

        value.Write(command[command.Count - 1]);
        value.SetExpiry(KeyExpiry.None);
        return Reply.Ok;
    }

    private static Reply SetLastNx(SessionValue value, RespCommand command) =>
        command.Count % 2 == 0 ? StringCommands.SetNx(value, command[command.Count - 1]) : Reply.WrongNumberOfArguments(command.Name);

    private SessionAddress[] Addresses(RespContext context)
    {
        var addresses = new SessionAddress[context.Command.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = keys.Map(context.Command[i], context.Client.Database);
        }

        return addresses;
    }

    private static Reply Delete(SessionValue value)
    {
        Reply reply = Exists(value);
        value.Delete();
        return reply;
    }

    private static Reply Exists(SessionValue value)
    {
        if (value.Exists)
        {
            return Reply.One;
        }

        value.ReadNothing();
        return Reply.Zero;
    }

    private static Reply GetStringOrNull(SessionValue value) => value.IsHash ? Reply.Null : StringCommands.Get(value);

    private static Reply TypeOf(SessionValue value) =>
        new SimpleStringReply(!value.Exists ? "none" : value.Shape == SessionShape.Hash ? "hash" : "string");
}
