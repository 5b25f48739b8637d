using OrleansSessions.Resp.Commands.Expiry;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Protocol.Replies;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Commands.Strings;

/// <summary>Sessions as values: what session handlers read and write.</summary>
internal sealed class StringCommands(KeyCommand keyCommand, SessionTransactions transactions, SessionLocks locks, TimeProvider time) : ICommandGroup
{
    public IEnumerable<RespCommandDefinition> Commands =>
    [
        keyCommand.Define("GET", 2, CommandFlags.ReadOnly | CommandFlags.Fast, static (value, _) => Get(value), locks.GetAsync),
        keyCommand.Define("SET", -3, CommandFlags.Write, static (value, command) => Set(value, command), locks.SetAsync, TrySet),
        keyCommand.Define("SETNX", 3, CommandFlags.Write | CommandFlags.Fast, static (value, command) => SetNx(value, command), locks.SetNxAsync),
        SetEx("SETEX", ExpiryUnit.Seconds),
        SetEx("PSETEX", ExpiryUnit.Milliseconds),
        keyCommand.Define("GETEX", -2, CommandFlags.Write | CommandFlags.Fast, static (value, command) => GetEx(value, command), locks.GetAsync),
        keyCommand.Define("GETDEL", 2, CommandFlags.Write | CommandFlags.Fast, static (value, _) => GetDel(value)),
    ];

    /// <summary>Reads a value, and remembers it for the write that may follow.</summary>
    public static Reply Get(KeyValue value)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        if (!value.Exists)
        {
            value.ReadNothing();
            return Reply.Null;
        }

        return Reply.Bulk(value.Read());
    }

    private static Reply Set(KeyValue value, RespCommand command)
    {
        if (!SetOptions.TryParse(command, 2, value.Now, isGetEx: false, out SetOptions options, out Reply? error))
        {
            return error;
        }

        if (options.ReturnsOld && value.IsHash)
        {
            return Reply.WrongType;
        }

        Reply? old = !options.ReturnsOld ? null : value.Exists ? Reply.Bulk(value.Read()) : Reply.Null;
        if ((options.OnlyIfAbsent && value.Exists) || (options.OnlyIfPresent && !value.Exists))
        {
            return old ?? Reply.Null;
        }

        if (options.OnlyIfAbsent)
        {
            value.ReadNothing();
        }

        value.Write(command[1]);
        options.ApplyTo(value);
        return old ?? Reply.Ok;
    }

    private ValueTask<Reply>? TrySet(RespContext context, SessionAddress address) =>
        SetOptions.TryParse(context.Command, 2, time.GetUtcNow(), isGetEx: false, out SetOptions options, out _)
        && options is { OnlyIfAbsent: false, OnlyIfPresent: false, ReturnsOld: false, KeepsExpiry: false }
        && options.Expiry is null or { Ticks: > 0 }
            ? transactions.WriteAsync(context.Client, address, context.Command[1], options.Expiry ?? KeyValue.NoExpiry)
            : null;

    private RespCommandDefinition SetEx(string name, ExpiryUnit unit) => keyCommand.Define(
        name,
        4,
        CommandFlags.Write,
        (value, command) =>
        {
            if (!SetOptions.TryParsePositive(command[1], unit, value.Now, name, out TimeSpan idleTimeout, out Reply? error))
            {
                return error;
            }

            value.Write(command[2]);
            value.SetExpiry(idleTimeout);
            return Reply.Ok;
        },
        shortcut: (context, address) =>
            SetOptions.TryParsePositive(context.Command[1], unit, time.GetUtcNow(), name, out TimeSpan idleTimeout, out Reply? error)
                ? transactions.WriteAsync(context.Client, address, context.Command[2], idleTimeout)
                : ValueTask.FromResult(error));

    private static Reply SetNx(KeyValue value, RespCommand command)
    {
        if (value.Exists)
        {
            return Reply.Zero;
        }

        value.ReadNothing();
        value.Write(command[1]);
        return Reply.One;
    }

    private static Reply GetEx(KeyValue value, RespCommand command)
    {
        if (!SetOptions.TryParse(command, 1, value.Now, isGetEx: true, out SetOptions options, out Reply? error))
        {
            // Redis looks at the time only once there is a value to give it to.
            return error == Reply.SyntaxError || (value.Exists && !value.IsHash) ? error : Get(value);
        }

        Reply reply = Get(value);
        if (!value.IsHash && (options.Expiry ?? (options.RemovesExpiry && value.HasExpiry ? KeyValue.NoExpiry : null)) is { } idleTimeout)
        {
            value.SetExpiry(idleTimeout);
        }

        return reply;
    }

    private static Reply GetDel(KeyValue value)
    {
        Reply reply = Get(value);
        if (!value.IsHash)
        {
            value.Delete();
        }

        return reply;
    }
}
