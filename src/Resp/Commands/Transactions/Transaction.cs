using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Protocol.Replies;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Commands.Transactions;

/// <summary>The commands between MULTI and EXEC: all about one key, because only one session can be changed at once.</summary>
internal sealed class Transaction
{
    private const int MaxCommands = 1_000;

    /// <summary>The most bytes of arguments that wait for EXEC. More than a session holds makes no sense.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    private static readonly Reply OneKeyOnly = Reply.Error("ERR a transaction of the session cluster is about one key");
    private static readonly Reply TooLong = Reply.Error($"ERR a transaction of the session cluster has at most {MaxCommands} commands and {MaxBytes} bytes");

    private readonly List<(KeyOperation Operation, RespCommand Command)> _commands = [];
    private long _bytes;

    /// <summary>The key; null: nothing is queued yet.</summary>
    public SessionAddress? Address { get; private set; }

    /// <summary>Whether a command was refused, so that EXEC must do nothing.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>A command that did not get as far as being queued.</summary>
    public Reply Fail(Reply error)
    {
        IsFailed = true;
        return error;
    }

    public Reply Queue(RespCommandDefinition definition, RespCommand command, KeyMap keys, int database)
    {
        if (IsFailed)
        {
            return Reply.Queued;
        }

        if (definition.Name == "SELECT" && RespInteger.TryParse(command[0].Span, out long selected) && selected == database)
        {
            // Some clients select their database wherever they are.
            return Queue(static (_, _) => Reply.Ok, command);
        }

        if (definition.Operation is not { } operation)
        {
            return Fail(Reply.Error($"ERR '{command.Name.ToLowerInvariant()}' can't be part of a transaction of the session cluster"));
        }

        SessionAddress address = keys.Map(command[0], database);
        if (address.IsLock || !(Address ?? address).IsSameAs(address) || (definition.OperatesOnEachKey && command.Count > 1))
        {
            return Fail(OneKeyOnly);
        }

        Address = address;
        return Queue(operation, command);
    }

    /// <summary>Runs all commands on the key; without a key, no command looks at the value.</summary>
    public Reply Run(KeyValue value)
    {
        List<Reply> replies = [];
        long bytes = 0;
        foreach ((KeyOperation operation, RespCommand command) in _commands)
        {
            // All of them take effect; what can't be told any more is not kept.
            Reply reply = operation(value, command);
            bytes += reply.Bytes;
            if (bytes <= Reply.MaxBytes)
            {
                replies.Add(reply);
            }
        }

        return bytes > Reply.MaxBytes ? Reply.TooLong : Reply.Array(replies);
    }

    private Reply Queue(KeyOperation operation, RespCommand command)
    {
        foreach (ReadOnlyMemory<byte> argument in command.Arguments.Span)
        {
            _bytes += argument.Length;
        }

        if (_commands.Count == MaxCommands || _bytes > MaxBytes)
        {
            // It can't succeed any more, so it need not be kept.
            _commands.Clear();
            return Fail(TooLong);
        }

        _commands.Add((operation, command));
        return Reply.Queued;
    }
}
