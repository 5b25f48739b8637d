using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Table of the endpoint's commands, with Redis' errors for unknown ones.</summary>
internal sealed class CommandTable
{
    private const int MaxQuotedBytes = 128;

    private readonly Dictionary<string, RespCommandDefinition> _commands = [];
    private readonly HashSet<string> _containers = [];

    public CommandTable(IEnumerable<ICommandGroup> groups)
    {
        foreach (RespCommandDefinition command in groups.SelectMany(static group => group.Commands))
        {
            _commands.Add(command.Name, command);
            if (command.Name.IndexOf('|') is > 0 and int end)
            {
                _containers.Add(command.Name[..end]);
            }
        }

        foreach (string container in _containers)
        {
            // The error for an unknown subcommand suggests HELP.
            string name = $"{container}|HELP";
            _commands.Add(name, new RespCommandDefinition(name, 2, CommandFlags.None, _ => Help(container)));
        }
    }

    /// <summary>All commands; subcommands have their full names.</summary>
    public IReadOnlyCollection<RespCommandDefinition> Commands => _commands.Values;

    /// <summary>The definition of a command; null: an unknown command.</summary>
    public RespCommandDefinition? Find(RespCommand command) => _commands.GetValueOrDefault(
        command.Count > 0 && _containers.Contains(command.Name) ? $"{command.Name}|{command.Keyword(0)}" : command.Name);

    /// <summary>Redis' error for an unknown command, or for a wrong number of arguments.</summary>
    /// <param name="definition">The result of <see cref="Find"/>.</param>
    /// <param name="command">The command.</param>
    public Reply Refusal(RespCommandDefinition? definition, RespCommand command) =>
        definition is null ? Unknown(command) : Reply.WrongNumberOfArguments(definition.Name);

    private ArrayReply Help(string container) => new(
        [.. _commands.Keys
            .Where(name => name.StartsWith(container + '|', StringComparison.Ordinal))
            .Select(name => name[(container.Length + 1)..])
            .Order(StringComparer.Ordinal)
            .Prepend($"{container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
            .Select(static line => new SimpleStringReply(line))]);

    private Reply Unknown(RespCommand command)
    {
        if (_containers.Contains(command.Name))
        {
            return command.Count == 0
                ? Reply.WrongNumberOfArguments(command.Name)
                : Reply.Error($"ERR unknown subcommand '{Quoted(command[0], MaxQuotedBytes)}'. Try {command.Name} HELP.");
        }

        if (UnsupportedCommands.Reason(command.Name) is { } reason)
        {
            return Reply.Error($"ERR '{command.Name.ToLowerInvariant()}' is not supported by the session cluster: {reason}");
        }

        StringBuilder arguments = new();
        for (int i = 0; i < command.Count && arguments.Length < MaxQuotedBytes; i++)
        {
            arguments.Append('\'').Append(Quoted(command[i], MaxQuotedBytes - arguments.Length)).Append("' ");
        }

        return Reply.Error($"ERR unknown command '{Quoted(command.RawName, MaxQuotedBytes)}', with args beginning with: {arguments}");
    }

    /// <summary>The start of an argument, printed by Redis as a C string.</summary>
    private static string Quoted(ReadOnlyMemory<byte> argument, int maxBytes)
    {
        ReadOnlySpan<byte> bytes = argument.Span[..Math.Min(argument.Length, maxBytes)];
        int end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
