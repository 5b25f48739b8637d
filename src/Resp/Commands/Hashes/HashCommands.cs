using System.Text.Unicode;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Protocol.Replies;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Commands.Hashes;

/// <summary>Sessions as hashes: what ASP.NET Core's RedisCache and Spring Session keep them in. A field is an entry.</summary>
internal sealed class HashCommands(KeyCommand keyCommand) : ICommandGroup
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    /// <summary>The time that they take grows with the square of their number.</summary>
    private const int MaxFieldsOfHSet = 2_000;

    private static readonly Reply TooManyFields = Reply.Error($"ERR the session cluster sets at most {MaxFieldsOfHSet} fields at once");
    private static readonly Reply NoFields = Reply.Map([]);

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        keyCommand.Define("HGET", 3, Read, static (value, command) => IfHash(value) ?? Get(value, command.Text(1))),
        keyCommand.Define("HMGET", -3, Read, static (value, command) => IfHash(value) ?? Reply.Array(
            [.. Enumerable.Range(1, command.Count - 1).Select(i => Get(value, command.Text(i)))])),
        keyCommand.Define("HGETALL", 2, CommandFlags.ReadOnly, static (value, _) => IfHash(value) ?? GetAll(value)),
        keyCommand.Define("HSET", -4, Write, static (value, command) => Set(value, command, static added => Reply.Integer(added))),
        keyCommand.Define("HMSET", -4, Write, static (value, command) => Set(value, command, static _ => Reply.Ok)),
        keyCommand.Define("HDEL", -3, Write, static (value, command) => IfHash(value) ?? Reply.Integer(
            Enumerable.Range(1, command.Count - 1).Count(i => value.RemoveField(command.Text(i))))),
    ];

    /// <summary>Null if the key holds a hash or nothing, or a session that nobody has stored as a value.</summary>
    private static Reply? IfHash(KeyValue value) => !value.Exists || value.Payload.Shape is SessionShape.Hash or SessionShape.Entries ? null : Reply.WrongType;

    private static Reply Get(KeyValue value, string field) => value.FindField(field) is { } entry ? Reply.Bulk(entry.Value) : Reply.Null;

    private static Reply GetAll(KeyValue value) => value.Payload.Entries.IsEmpty
        ? NoFields
        : Reply.Map([.. value.Payload.Entries.Select(static entry => KeyValuePair.Create(Reply.Bulk(entry.Name), Reply.Bulk(entry.Value)))]);

    private static Reply Set(KeyValue value, RespCommand command, Func<int, Reply> reply)
    {
        if (command.Count % 2 == 0)
        {
            return Reply.WrongNumberOfArguments(command.Name);
        }

        if (IfHash(value) is { } wrongType)
        {
            return wrongType;
        }

        if (command.Count / 2 > MaxFieldsOfHSet)
        {
            return TooManyFields;
        }

        if (Enumerable.Range(0, command.Count / 2).Any(i => !Utf8.IsValid(command[(2 * i) + 1].Span)))
        {
            return SessionTransactions.InvalidFieldName;
        }

        int added = 0;
        for (int i = 1; i < command.Count; i += 2)
        {
            added += value.SetField(command.Text(i), command[i + 1]) ? 1 : 0;
        }

        return reply(added);
    }
}
