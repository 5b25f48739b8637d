using System.Collections.Concurrent;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Protocol.Replies;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>EVAL, EVALSHA and SCRIPT, for the script that releases locks. Scripts are recognised and not interpreted.</summary>
internal sealed class ScriptCommands(KeyMap keys, SessionTransactions transactions, SessionLocks locks) : ICommandGroup
{
    /// <summary>A script can be written in endless ways; so many spellings are kept for EVALSHA.</summary>
    private const int MaxSpellings = 64;

    private static readonly Reply NoScript = Reply.Error("NOSCRIPT No matching script. Please use EVAL.");
    private static readonly Reply NotKnown = Reply.Error(
        "ERR the session cluster runs no scripts: it knows the one that deletes a key if it has a value, which releases locks");

    private static readonly Reply NegativeKeys = Reply.Error("ERR Number of keys can't be negative");
    private static readonly Reply TooManyKeys = Reply.Error("ERR Number of keys can't be greater than number of args");

    private readonly ConcurrentDictionary<string, bool> _known = new([KeyValuePair.Create(CompareAndDelete.PhpRedisSha, true)]);

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("EVAL", -3, CommandFlags.None, EvalAsync),
        new("EVALSHA", -3, CommandFlags.None, EvalShaAsync),
        new("SCRIPT|LOAD", 3, CommandFlags.None, Load),
        new("SCRIPT|EXISTS", -3, CommandFlags.None, Exists),
        new("SCRIPT|FLUSH", -2, CommandFlags.None, static _ => Reply.Ok),
    ];

    private ValueTask<Reply> EvalAsync(RespContext context)
    {
        if (CheckKeys(context.Command) is { } error)
        {
            return ValueTask.FromResult(error);
        }

        return Learn(context.Command[0].Span) is null ? ValueTask.FromResult(NotKnown) : RunAsync(context);
    }

    private ValueTask<Reply> EvalShaAsync(RespContext context)
    {
        if (CheckKeys(context.Command) is { } error)
        {
            return ValueTask.FromResult(error);
        }

        return _known.ContainsKey(context.Command.Text(0).ToLowerInvariant()) ? RunAsync(context) : ValueTask.FromResult(NoScript);
    }

    private ValueTask<Reply> RunAsync(RespContext context)
    {
        RespCommand command = context.Command;
        if (command.Count != 4 || !command[1].Span.SequenceEqual("1"u8))
        {
            return ValueTask.FromResult(NotKnown);
        }

        SessionAddress address = keys.Map(command[2], context.Client.Database);
        byte[] expected = command[3].ToArray();
        return address.IsLock
            ? locks.ReleaseAsync(context, address, expected)
            : transactions.RunAsync(context.Client, address, value => DeleteIfEqual(value, expected));
    }

    private Reply Load(RespContext context) => Learn(context.Command[1].Span) is { } sha ? Reply.Bulk(sha) : NotKnown;

    private Reply Exists(RespContext context) => Reply.Array(
        [.. Enumerable.Range(1, context.Command.Count - 1).Select(i => _known.ContainsKey(context.Command.Text(i).ToLowerInvariant()) ? Reply.One : Reply.Zero)]);

    /// <summary>The script's name, if it is the one that the endpoint knows.</summary>
    private string? Learn(ReadOnlySpan<byte> script)
    {
        if (!CompareAndDelete.IsMatch(script))
        {
            return null;
        }

        string sha = CompareAndDelete.ShaOf(script);
        if (_known.Count < MaxSpellings)
        {
            _known.TryAdd(sha, true);
        }

        return sha;
    }

    private static Reply? CheckKeys(RespCommand command) =>
        !RespInteger.TryParse(command[1].Span, out long number) ? Reply.NotAnInteger
        : number < 0 ? NegativeKeys
        : number > command.Count - 2 ? TooManyKeys
        : null;

    private static Reply DeleteIfEqual(KeyValue value, byte[] expected)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        if (!value.Exists || !value.Peek().Span.SequenceEqual(expected))
        {
            return Reply.Zero;
        }

        value.Delete();
        return Reply.One;
    }
}
