using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Hashes;

/// <summary>Hash commands, as used by ASP.NET Core's RedisCache and Spring Session. A field is an entry.</summary>
internal sealed class HashCommands(KeyCommand keyCommand) : ICommandGroup
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    /// <summary>Above the maximum number of entries in a session.</summary>
    private const int MaxFieldsOfHSet = 2_000;

    private static readonly Reply TooManyFields = Reply.Error($"ERR the session cluster sets at most {MaxFieldsOfHSet} fields at once");
    private static readonly Reply NoFields = Reply.Map([]);

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        Reading("HGET", 3, Read, static (value, command) => Get(value, command[1])),
        Reading("HMGET", -3, Read, static (value, command) => Reply.Array([.. Fields(command).Select(name => Get(value, name))])),
        Reading("HGETALL", 2, CommandFlags.ReadOnly, static (value, _) => GetAll(value)),
        Reading("HKEYS", 2, CommandFlags.ReadOnly, static (value, _) => Reply.Array([.. value.Entries.Select(static entry => Reply.Bulk(entry.Name))])),
        Reading("HVALS", 2, CommandFlags.ReadOnly, static (value, _) => Reply.Array([.. value.Entries.Select(static entry => Reply.Bulk(entry.Value))])),
        Reading("HLEN", 2, Read, static (value, _) => Reply.Integer(value.Entries.Count)),
        Reading("HEXISTS", 3, Read, static (value, command) => HashFields.Find(value, command[1]) is null ? Reply.Zero : Reply.One),
        Reading("HSTRLEN", 3, Read, static (value, command) => Reply.Integer(HashFields.Find(value, command[1])?.Value.Length ?? 0)),
        keyCommand.Define("HSET", -4, Write, static (value, command) => Set(value, command, static added => Reply.Integer(added)), fieldwise: true),
        keyCommand.Define("HMSET", -4, Write, static (value, command) => Set(value, command, static _ => Reply.Ok), fieldwise: true),
        keyCommand.Define("HSETNX", 4, Write, static (value, command) => SetNx(value, command), fieldwise: true),
        keyCommand.Define("HDEL", -3, Write, static (value, command) => HashFields.RefuseRead(value) ?? Reply.Integer(
            Fields(command).Count(name => HashFields.Name(name) is { } text && value.RemoveField(text)))),
    ];

    private RespCommandDefinition Reading(string name, int arity, CommandFlags flags, KeyOperation read) =>
        keyCommand.Define(name, arity, flags, (value, command) => HashFields.RefuseRead(value) ?? read(value, command));

    private static IEnumerable<ReadOnlyMemory<byte>> Fields(RespCommand command) => Enumerable.Range(1, command.Count - 1).Select(i => command[i]);

    private static Reply Get(SessionValue value, ReadOnlyMemory<byte> name) =>
        HashFields.Find(value, name) is { } entry ? Reply.Bulk(entry.Value) : Reply.Null;

    private static Reply GetAll(SessionValue value) => value.Entries is { Count: > 0 } entries
        ? Reply.Map([.. entries.Select(static entry => KeyValuePair.Create(Reply.Bulk(entry.Name), Reply.Bulk(entry.Value)))])
        : NoFields;

    private static Reply SetNx(SessionValue value, RespCommand command) =>
        HashFields.RefuseWrite(value, command[1])
        ?? (HashFields.Find(value, command[1]) is null && value.SetField(command.Text(1), command[2]) ? Reply.One : Reply.Zero);

    private static Reply Set(SessionValue value, RespCommand command, Func<int, Reply> reply)
    {
        if (command.Count % 2 == 0)
        {
            return Reply.WrongNumberOfArguments(command.Name);
        }

        if (command.Count / 2 > MaxFieldsOfHSet)
        {
            return TooManyFields;
        }

        for (int i = 1; i < command.Count; i += 2)
        {
            if (HashFields.RefuseWrite(value, command[i]) is { } refusal)
            {
                return refusal;
            }
        }

        int added = 0;
        for (int i = 1; i < command.Count; i += 2)
        {
            added += value.SetField(command.Text(i), command[i + 1]) ? 1 : 0;
        }

        return reply(added);
    }
}
