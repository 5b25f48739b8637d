using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>One command of the endpoint.</summary>
/// <param name="Name">
/// In upper case: <c>GET</c>; or, of a command of a container, <c>CLIENT|SETNAME</c>. The container itself then needs no definition.
/// </param>
/// <param name="Arity">As in Redis: the number of strings, the name (and the container's) included; negative: at least so many.</param>
/// <param name="Flags">What the command is like.</param>
/// <param name="ExecuteAsync">Runs it. Of a container's command, the first argument is the command's own name.</param>
internal sealed record RespCommandDefinition(string Name, int Arity, CommandFlags Flags, Func<RespContext, ValueTask<Reply>> ExecuteAsync)
{
    /// <summary>A command that answers at once.</summary>
    public RespCommandDefinition(string name, int arity, CommandFlags flags, Func<RespContext, Reply> execute)
        : this(name, arity, flags, context => ValueTask.FromResult(execute(context)))
    {
    }

    /// <summary>The name as Redis shows it.</summary>
    public string LowerName { get; } = Name.ToLowerInvariant();

    /// <summary>Which string is the first key; 0: the command has none.</summary>
    public int FirstKey { get; init; }

    /// <summary>Which string is the last key; negative: counted from the end.</summary>
    public int LastKey { get; init; }

    /// <summary>How far the keys are apart.</summary>
    public int KeyStep { get; init; }

    /// <summary>What it does to its first argument's session in a transaction; null: it can't be part of one.</summary>
    public KeyOperation? Operation { get; init; }

    /// <summary>Its keys in a command.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> KeysOf(RespCommand command)
    {
        int last = LastKey < 0 ? command.Count + LastKey : LastKey - 1;
        for (int i = FirstKey - 1; i <= last; i += KeyStep)
        {
            yield return command[i];
        }
    }

    /// <summary>Whether every argument is a key, so that <see cref="Operation"/> does for one of them only.</summary>
    public bool OperatesOnEachKey { get; init; }

    /// <summary>Whether a command of so many strings is acceptable.</summary>
    public bool Accepts(int strings) => Arity >= 0 ? strings == Arity : strings >= -Arity;
}
