using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>Makes the definitions of commands that work on one key, their first argument, and may be part of a transaction.</summary>
internal sealed class KeyCommand(KeyMap keys, SessionTransactions transactions)
{
    /// <summary>A form of a command that needs no general treatment; null: this form does.</summary>
    public delegate ValueTask<Reply>? Shortcut(RespContext context, SessionAddress address);

    /// <param name="name">The command.</param>
    /// <param name="arity">As in <see cref="RespCommandDefinition"/>.</param>
    /// <param name="flags">As in <see cref="RespCommandDefinition"/>.</param>
    /// <param name="operation">What it does with a session.</param>
    /// <param name="onLock">What it does with a lock; null: nothing.</param>
    /// <param name="shortcut">Does what <paramref name="operation"/> does, without loading the session.</param>
    /// <param name="fieldwise">Whether it depends on nothing but the fields that it sets.</param>
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
