using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Dispatcher of commands: finds the command, checks that the client may use it, and executes it.</summary>
internal sealed class CommandDispatcher(CommandTable table, KeyMap keys)
{
    private static readonly Reply NotAuthenticated = Reply.Error("NOAUTH Authentication required.");

    /// <summary>Runs a command. Checks in Redis' order: existence, arguments, authentication.</summary>
    /// <param name="client">The client that sent it.</param>
    /// <param name="command">The command as sent.</param>
    /// <param name="definition">The command's definition; null: an unknown command.</param>
    public ValueTask<Reply> ExecuteAsync(RespClient client, RespCommand command, RespCommandDefinition? definition)
    {
        if (definition is null || !definition.Accepts(command.Count + 1))
        {
            Reply error = table.Refusal(definition, command);
            return ValueTask.FromResult(client.Transaction?.Fail(error) ?? error);
        }

        if (!client.IsAuthenticated && !definition.Flags.HasFlag(CommandFlags.NoAuth))
        {
            return ValueTask.FromResult(NotAuthenticated);
        }

        if (client.Subscriptions.Count > 0 && client.Protocol == RespWriter.Resp2 && !definition.Flags.HasFlag(CommandFlags.WhileSubscribed))
        {
            return ValueTask.FromResult(Reply.Error(
                $"ERR Can't execute '{definition.LowerName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"));
        }

        if (client.Transaction is { } transaction && !definition.Flags.HasFlag(CommandFlags.NotQueued))
        {
            return ValueTask.FromResult(transaction.Queue(definition, command, keys, client.Database));
        }

        client.LastCommand = definition.LowerName;
        return definition.ExecuteAsync(new RespContext(client, command));
    }
}
