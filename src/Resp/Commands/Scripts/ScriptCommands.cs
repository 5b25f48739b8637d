using System.Collections.Concurrent;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Arguments;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>Script commands EVAL, EVALSHA and SCRIPT, for lock scripts. Scripts are recognised, not interpreted.</summary>
internal sealed class ScriptCommands(KeyMap keys, SessionTransactions transactions, SessionLocks locks, TimeProvider time) : ICommandGroup
{
    /// <summary>Maximum number of spellings kept for EVALSHA; a script can be written in endless ways.</summary>
    private const int MaxSpellings = 64;

    private static readonly Reply NoScript = Reply.Error("NOSCRIPT No matching script. Please use EVAL.");
    private static readonly Reply NotKnown = Reply.Error(
        "ERR the session cluster runs no scripts: it supports only those that release or extend a lock of a given value");

    private static readonly Reply NegativeKeys = Reply.Error("ERR Number of keys can't be negative");
    private static readonly Reply TooManyKeys = Reply.Error("ERR Number of keys can't be greater than number of args");
    private static readonly Reply Absent = Reply.Integer(-1);

    private readonly ConcurrentDictionary<string, LockScript> _known = new([KeyValuePair.Create(KnownScripts.PhpRedisSha, LockScript.Delete)]);

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("EVAL", -3, CommandFlags.None, EvalAsync),
        new("EVALSHA", -3, CommandFlags.None, EvalShaAsync),
        new("SCRIPT|LOAD", 3, CommandFlags.None, Load),
        new("SCRIPT|EXISTS", -3, CommandFlags.None, Exists),
        new("SCRIPT|FLUSH", -2, CommandFlags.None, static _ => Reply.Ok),
    ];

    private ValueTask<Reply> EvalAsync(RespContext context) =>
        CheckKeys(context.Command) is { } error ? ValueTask.FromResult(error)
        : Learn(context.Command[0].Span) is { } known ? RunAsync(context, known.Script)
        : ValueTask.FromResult(NotKnown);

    private ValueTask<Reply> EvalShaAsync(RespContext context) =>
        CheckKeys(context.Command) is { } error ? ValueTask.FromResult(error)
        : _known.TryGetValue(context.Command.Text(0).ToLowerInvariant(), out LockScript script) ? RunAsync(context, script)
        : ValueTask.FromResult(NoScript);

    private ValueTask<Reply> RunAsync(RespContext context, LockScript script)
    {
        RespCommand command = context.Command;
        int values = script switch { LockScript.Expire => 2, LockScript.Extend => 3, _ => 1 };
        if (command.Count != 3 + values || !command[1].Span.SequenceEqual("1"u8))
        {
            return ValueTask.FromResult(NotKnown);
        }

        SessionAddress address = keys.Map(command[2], context.Client.Database);
        return address.IsLock
            ? RunOnLockAsync(context, script, address)
            : transactions.RunAsync(context.Client, address, value => Run(value, script, command));
    }

    private async ValueTask<Reply> RunOnLockAsync(RespContext context, LockScript script, SessionAddress address)
    {
        byte[] owner = context.Command[3].ToArray();
        if (script == LockScript.Delete)
        {
            return await locks.ReleaseAsync(context, address, owner);
        }

        if (await locks.FindAsync(context, address) is not { } held)
        {
            return script == LockScript.DeleteOrTellAbsence ? Absent : Reply.Zero;
        }

        return script == LockScript.DeleteOrTellAbsence ? await locks.ReleaseAsync(context, address, owner)
            : TryReadExpiry(context.Command, script, time.GetUtcNow(), held.ExpiresAt, out KeyExpiry lease, out Reply? error)
                ? await locks.ExtendAsync(context, address, owner, lease.IdleTimeout)
                : error!;
    }

    private static Reply Run(SessionValue value, LockScript script, RespCommand command)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        if (!value.Exists || !value.Peek().Span.SequenceEqual(command[3].Span))
        {
            return script == LockScript.DeleteOrTellAbsence && !value.Exists ? Absent : Reply.Zero;
        }

        if (script is LockScript.Delete or LockScript.DeleteOrTellAbsence)
        {
            value.Delete();
            return Reply.One;
        }

        if (script == LockScript.Extend && !value.Expiry.Exists)
        {
            return Reply.Zero;
        }

        if (!TryReadExpiry(command, script, value.Now, value.ExpiresAt, out KeyExpiry expiry, out Reply? error))
        {
            return error!;
        }

        value.SetExpiry(expiry);
        return Reply.One;
    }

    private static bool TryReadExpiry(
        RespCommand command, LockScript script, DateTimeOffset now, DateTimeOffset end, out KeyExpiry expiry, out Reply? error)
    {
        if (!ExpiryTime.TryParse(command[4], ExpiryUnit.Milliseconds, now, "pexpire", out expiry, out error))
        {
            return false;
        }

        if (script == LockScript.Extend && command[5].Span.SequenceEqual("0"u8))
        {
            expiry = new KeyExpiry(end - now + expiry.IdleTimeout, end + expiry.IdleTimeout);
        }

        return true;
    }

    private Reply Load(RespContext context) => Learn(context.Command[1].Span) is { } known ? Reply.Bulk(known.Sha) : NotKnown;

    private Reply Exists(RespContext context) => Reply.Array(
        [.. Enumerable.Range(1, context.Command.Count - 1).Select(i => _known.ContainsKey(context.Command.Text(i).ToLowerInvariant()) ? Reply.One : Reply.Zero)]);

    /// <summary>Returns the script's name and meaning, if it is known.</summary>
    private (string Sha, LockScript Script)? Learn(ReadOnlySpan<byte> text)
    {
        if (KnownScripts.Find(text) is not { } script)
        {
            return null;
        }

        string sha = KnownScripts.ShaOf(text);
        if (_known.Count < MaxSpellings)
        {
            _known.TryAdd(sha, script);
        }

        return (sha, script);
    }

    private static Reply? CheckKeys(RespCommand command) =>
        !CanonicalInteger.TryParse(command[1].Span, out long number) ? Reply.NotAnInteger
        : number < 0 ? NegativeKeys
        : number > command.Count - 2 ? TooManyKeys
        : null;
}
