using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Arguments;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Strings;

/// <summary>String commands: sessions as values, as session handlers read and write them.</summary>
internal sealed class StringCommands(KeyCommand keyCommand, SessionWrites writes, SessionLocks locks, TimeProvider time) : ICommandGroup
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        keyCommand.Define("GET", 2, Read, static (value, _) => Get(value), locks.GetAsync),
        keyCommand.Define("SET", -3, CommandFlags.Write, static (value, command) => Set(value, command), locks.SetAsync, TrySet),
        keyCommand.Define("SETNX", 3, Write, static (value, command) => SetNx(value, command[1]), locks.SetNxAsync),
        SetEx("SETEX", ExpiryUnit.Seconds),
        SetEx("PSETEX", ExpiryUnit.Milliseconds),
        keyCommand.Define("GETSET", 3, Write, static (value, command) => GetSet(value, command[1])),
        keyCommand.Define("GETEX", -2, Write, static (value, command) => GetEx(value, command), locks.GetAsync),
        keyCommand.Define("GETDEL", 2, Write, static (value, _) => GetDel(value)),
        keyCommand.Define("APPEND", 3, Write, static (value, command) => Append(value, command[1].Span)),
        keyCommand.Define("STRLEN", 2, Read, static (value, _) => value.IsHash ? Reply.WrongType : Reply.Integer(value.Exists ? value.Peek().Length : 0)),
    ];

    /// <summary>Reads a value, and remembers it for a following write.</summary>
    public static Reply Get(SessionValue value)
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

    /// <summary>Sets a value without an expiry, if the key does not exist.</summary>
    public static Reply SetNx(SessionValue value, ReadOnlyMemory<byte> wanted)
    {
        if (value.Exists)
        {
            return Reply.Zero;
        }

        value.ReadNothing();
        value.Write(wanted);
        return Reply.One;
    }

    private static Reply Set(SessionValue value, RespCommand command)
    {
        if (!SetOptions.TryParse(command, 2, value.Now, isGetEx: false, out SetOptions options, out Reply? error))
        {
            return error;
        }

        if (options.ReturnsOld && value.IsHash)
        {
            return Reply.WrongType;
        }

        Reply? old = options.ReturnsOld ? Get(value) : null;
        if ((options.OnlyIfAbsent && value.Exists) || (options.OnlyIfPresent && !value.Exists))
        {
            return old ?? Reply.Null;
        }

        if (options.OnlyIfAbsent)
        {
            value.ReadNothing();
        }

        if (options.ReturnsOld)
        {
            // Read and write in one operation: nothing can change in between.
            value.Overwrite(command[1]);
        }
        else
        {
            value.Write(command[1]);
        }

        options.ApplyTo(value);
        return old ?? Reply.Ok;
    }

    private static Reply GetSet(SessionValue value, ReadOnlyMemory<byte> wanted)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        Reply old = Get(value);
        value.Overwrite(wanted);
        value.SetExpiry(KeyExpiry.None);
        return old;
    }

    private ValueTask<Reply>? TrySet(RespContext context, SessionAddress address) =>
        SetOptions.TryParse(context.Command, 2, time.GetUtcNow(), isGetEx: false, out SetOptions options, out _)
        && options is { OnlyIfAbsent: false, OnlyIfPresent: false, ReturnsOld: false, KeepsExpiry: false }
        && options.Expiry is null or { IdleTimeout.Ticks: > 0 }
            ? writes.WriteAsync(context.Client, address, context.Command[1], options.Expiry ?? KeyExpiry.None)
            : null;

    private RespCommandDefinition SetEx(string name, ExpiryUnit unit) => keyCommand.Define(
        name,
        4,
        CommandFlags.Write,
        (value, command) =>
        {
            if (!SetOptions.TryParsePositive(command[1], unit, value.Now, name, out KeyExpiry expiry, out Reply? error))
            {
                return error;
            }

            value.Write(command[2]);
            value.SetExpiry(expiry);
            return Reply.Ok;
        },
        shortcut: (context, address) =>
            SetOptions.TryParsePositive(context.Command[1], unit, time.GetUtcNow(), name, out KeyExpiry expiry, out Reply? error)
                ? writes.WriteAsync(context.Client, address, context.Command[2], expiry)
                : ValueTask.FromResult(error));

    private static Reply GetEx(SessionValue value, RespCommand command)
    {
        if (!SetOptions.TryParse(command, 1, value.Now, isGetEx: true, out SetOptions options, out Reply? error))
        {
            // Redis checks the time only if there is a value.
            return error == Reply.SyntaxError || (value.Exists && !value.IsHash) ? error : Get(value);
        }

        Reply reply = Get(value);
        if (!value.IsHash && (options.Expiry ?? (options.RemovesExpiry && value.Expiry.Exists ? KeyExpiry.None : null)) is { } expiry)
        {
            value.SetExpiry(expiry);
        }

        return reply;
    }

    private static Reply GetDel(SessionValue value)
    {
        Reply reply = Get(value);
        if (!value.IsHash)
        {
            value.Delete();
        }

        return reply;
    }

    private static Reply Append(SessionValue value, ReadOnlySpan<byte> suffix)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        ReadOnlySpan<byte> old = value.Exists ? value.Peek().Span : [];
        long length = (long)old.Length + suffix.Length;
        if (length > value.MaxBytes)
        {
            // Refuse at once: a transaction could make the value grow without limit before the silo refuses it.
            return Reply.Error($"ERR {new LimitViolation("session size in bytes", value.MaxBytes, length)}");
        }

        byte[] whole = [.. old, .. suffix];
        value.Overwrite(whole);
        return Reply.Integer(whole.Length);
    }
}
