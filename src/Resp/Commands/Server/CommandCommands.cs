using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Server;

/// <summary>COMMAND commands. The table contains them too, so it is resolved lazily.</summary>
internal sealed class CommandCommands(Lazy<CommandTable> table) : ICommandGroup
{
    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("COMMAND", -1, CommandFlags.None, _ => Reply.Array([.. Shown.Select(Describe)])),
        new("COMMAND|COUNT", 2, CommandFlags.None, _ => Reply.Integer(Shown.Count())),
        new("COMMAND|LIST", -2, CommandFlags.None, _ => Reply.Array([.. Shown.Select(static command => Reply.Bulk(command.LowerName))])),
        new("COMMAND|INFO", -2, CommandFlags.None, Info),
        new("COMMAND|DOCS", -2, CommandFlags.None, static _ => Reply.Map([])),
    ];

    /// <summary>Clients ask for the keys of commands; subcommands have none.</summary>
    private IEnumerable<RespCommandDefinition> Shown => table.Value.Commands.Where(static command => !command.Name.Contains('|'));

    private Reply Info(RespContext context) => context.Command.Count == 1
        ? Reply.Array([.. Shown.Select(Describe)])
        : Reply.Array([.. Enumerable.Range(1, context.Command.Count - 1).Select(i =>
            Shown.FirstOrDefault(command => command.Name == context.Command.Keyword(i)) is { } command ? Describe(command) : Reply.Null)]);

    /// <summary>Returns the ten parts of Redis 7; access categories, tips and key specifications stay empty.</summary>
    private static Reply Describe(RespCommandDefinition command) => Reply.Array(
        Reply.Bulk(command.LowerName),
        Reply.Integer(command.Arity),
        Reply.Array([.. Flags(command.Flags)]),
        Reply.Integer(command.FirstKey),
        Reply.Integer(command.LastKey),
        Reply.Integer(command.KeyStep),
        Reply.EmptyArray,
        Reply.EmptyArray,
        Reply.EmptyArray,
        Reply.EmptyArray);

    private static IEnumerable<Reply> Flags(CommandFlags flags)
    {
        (CommandFlags Flag, string Name)[] names =
        [
            (CommandFlags.Write, "write"),
            (CommandFlags.ReadOnly, "readonly"),
            (CommandFlags.Fast, "fast"),
            (CommandFlags.NoAuth, "no_auth"),
        ];
        return names.Where(name => flags.HasFlag(name.Flag)).Select(static name => new SimpleStringReply(name.Name));
    }
}
