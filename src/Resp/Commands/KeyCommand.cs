using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>Factory of definitions for commands on one key, their first argument, that may be part of a transaction.</summary>
internal sealed class KeyCommand(KeyMap keys, SessionTransactions transactions)
{
    /// <summary>Fast path of a command; returns null if the general path is needed.</summary>
    public delegate ValueTask<Reply>? Shortcut(RespContext context, SessionAddress address);

    /// <param name="name">The command.</param>
    /// <param name="arity">As in <see cref="RespCommandDefinition"/>.</param>
    /// <param name="flags">As in <see cref="RespCommandDefinition"/>.</param>
    /// <param name="operation">Its effect on a session.</param>
    /// <param name="onLock">Its effect on a lock; null: none.</param>
    /// <param name="shortcut">Fast path of <paramref name="operation"/> that does not load the session.</param>
    /// <param name="fieldwise">Whether it depends only on the fields that it sets.</param>
    public RespCommandDefinition Define(
        string name, int arity, CommandFlags flags, KeyOperation operation, Shortcut? onLock = null, Shortcut? shortcut = null, bool fieldwise = false) =>
        new(name, arity, flags, context => RunAsync(context, operation, onLock, shortcut, fieldwise)) { FirstKey = 1, LastKey = 1, KeyStep = 1, Operation = operation };

    private ValueTask<Reply> RunAsync(RespContext context, KeyOperation operation, Shortcut? onLock, Shortcut? shortcut, bool fieldwise)
    {
        SessionAddress address = keys.Map(context.Command[0], context.Client.Database);
        if (address.IsLock)
        {
            return onLock?.Invoke(context, address) ?? ValueTask.FromResult(LockReplies.NotSupported);
        }

        return shortcut?.Invoke(context, address) ?? transactions.RunAsync(context.Client, address, value => operation(value, context.Command), fieldwise: fieldwise);
    }
}
