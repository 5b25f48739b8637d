using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>Commands between MULTI and EXEC, all on one key, because only one session can be changed atomically.</summary>
internal sealed class Transaction
{
    private const int MaxCommands = 1_000;

    /// <summary>Maximum number of queued arguments: the time of EXEC grows with them.</summary>
    private const int MaxArguments = 16_384;

    /// <summary>Maximum bytes of queued arguments; more than a session holds would be useless.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    private static readonly Reply OneKeyOnly = Reply.Error("ERR a transaction in the session cluster is limited to one key");
    private static readonly Reply OneCommandOnLock = Reply.Error("ERR a transaction in the session cluster is limited to one command if it uses a session's lock");
    private static readonly Reply TooLong = Reply.Error(
        $"ERR a transaction in the session cluster is limited to {MaxCommands} commands, {MaxArguments} arguments and {MaxBytes} bytes");

    private readonly List<(RespCommandDefinition? Definition, RespCommand Command)> _commands = [];
    private long _arguments;
    private long _bytes;

    /// <summary>The key; null: no command is queued yet.</summary>
    public SessionAddress? Address { get; private set; }

    /// <summary>Whether a command was refused, so that EXEC must fail.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>The single command on a session's lock.</summary>
    public (RespCommandDefinition Definition, RespCommand Command) OnLock =>
        _commands.Where(static queued => queued.Definition is not null).Select(static queued => (queued.Definition!, queued.Command)).Single();

    /// <summary>Marks the transaction as failed because a command was not queued.</summary>
    public Reply Fail(Reply error)
    {
        IsFailed = true;
        _commands.Clear();
        return error;
    }

    public Reply Queue(RespCommandDefinition definition, RespCommand command, KeyMap keys, int database)
    {
        if (IsFailed)
        {
            return Reply.Queued;
        }

        // Some clients send SELECT inside a transaction.
        bool isSelectOfTheSame = definition.Name == "SELECT" && CanonicalInteger.TryParse(command[0].Span, out long selected) && selected == database;
        if (isSelectOfTheSame || definition.Name == "UNWATCH")
        {
            return Queue(null, command);
        }

        if (definition.Operation is null)
        {
            return Fail(Reply.Error($"ERR '{command.Name.ToLowerInvariant()}' can't be part of a transaction in the session cluster"));
        }

        if (definition.OperatesOnEachKey && command.Count > 1)
        {
            return Fail(OneKeyOnly);
        }

        foreach (ReadOnlyMemory<byte> key in definition.KeysOf(command))
        {
            SessionAddress address = keys.Map(key, database);
            if (!(Address ?? address).IsSameAs(address))
            {
                return Fail(OneKeyOnly);
            }

            if (address.IsLock && Address is not null)
            {
                return Fail(OneCommandOnLock);
            }

            Address = address;
        }

        return Queue(definition, command);
    }

    /// <summary>Runs all commands on the key; without a key, no command uses the value.</summary>
    public Reply Run(SessionValue value) => Collect((definition, command) => definition.Operation!(value, command));

    /// <summary>Returns all replies, including that of the single command on a lock.</summary>
    public Reply Answer(Reply ofLock) => Collect((_, _) => ofLock);

    private Reply Collect(Func<RespCommandDefinition, RespCommand, Reply> run)
    {
        List<Reply> replies = [];
        long bytes = 0;
        foreach ((RespCommandDefinition? definition, RespCommand command) in _commands)
        {
            // All commands take effect; replies beyond the size limit are discarded.
            Reply reply = definition is null ? Reply.Ok : run(definition, command);
            bytes += reply.Bytes;
            if (bytes <= Reply.MaxBytes)
            {
                replies.Add(reply);
            }
        }

        return bytes > Reply.MaxBytes ? Reply.TooLong : Reply.Array(replies);
    }

    private Reply Queue(RespCommandDefinition? definition, RespCommand command)
    {
        _arguments += command.Count;
        foreach (ReadOnlyMemory<byte> argument in command.Arguments.Span)
        {
            _bytes += argument.Length;
        }

        if (_commands.Count == MaxCommands || _arguments > MaxArguments || _bytes > MaxBytes)
        {
            return Fail(TooLong);
        }

        _commands.Add((definition, command));
        return Reply.Queued;
    }
}
