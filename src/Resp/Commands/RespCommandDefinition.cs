using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>Definition of one command.</summary>
/// <param name="Name">
/// Upper-case name: <c>GET</c>, or <c>CLIENT|SETNAME</c> for a subcommand. Its container then needs no definition.
/// </param>
/// <param name="Arity">As in Redis: the number of strings including the name (and the container's); negative: a minimum.</param>
/// <param name="Flags">The command's properties.</param>
/// <param name="ExecuteAsync">Runs the command. For a subcommand, the first argument is its own name.</param>
internal sealed record RespCommandDefinition(string Name, int Arity, CommandFlags Flags, Func<RespContext, ValueTask<Reply>> ExecuteAsync)
{
    /// <summary>Defines a synchronous command.</summary>
    public RespCommandDefinition(string name, int arity, CommandFlags flags, Func<RespContext, Reply> execute)
        : this(name, arity, flags, context => ValueTask.FromResult(execute(context)))
    {
    }

    /// <summary>The name as Redis prints it.</summary>
    public string LowerName { get; } = Name.ToLowerInvariant();

    /// <summary>Position of the first key; 0: the command has no key.</summary>
    public int FirstKey { get; init; }

    /// <summary>Position of the last key; negative: counted from the end.</summary>
    public int LastKey { get; init; }

    /// <summary>Distance between keys.</summary>
    public int KeyStep { get; init; }

    /// <summary>Its effect on its first argument's session in a transaction; null: not allowed in one.</summary>
    public KeyOperation? Operation { get; init; }

    /// <summary>Returns the keys in a command.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> KeysOf(RespCommand command)
    {
        int last = LastKey < 0 ? command.Count + LastKey : LastKey - 1;
        for (int i = FirstKey - 1; i <= last; i += KeyStep)
        {
            yield return command[i];
        }
    }

    /// <summary>Whether every argument is a key, so that <see cref="Operation"/> handles one of them at a time.</summary>
    public bool OperatesOnEachKey { get; init; }

    /// <summary>Whether this number of strings is valid.</summary>
    public bool Accepts(int strings) => Arity >= 0 ? strings == Arity : strings >= -Arity;
}
