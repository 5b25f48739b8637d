using OrleansSessions.Resp.Protocol.Replies;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Commands.Transactions;

/// <summary>MULTI, EXEC and DISCARD. What is between them takes effect whole, or, when the connection is lost before EXEC, not at all.</summary>
internal sealed class TransactionCommands(SessionTransactions transactions) : ICommandGroup
{
    private const CommandFlags Flags = CommandFlags.Fast | CommandFlags.NotQueued;

    private static readonly Reply Nested = Reply.Error("ERR MULTI calls can not be nested");
    private static readonly Reply ExecAborted = Reply.Error("EXECABORT Transaction discarded because of previous errors.");

    private static readonly Reply ExecWithArguments =
        Reply.Error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("MULTI", 1, Flags, Multi),
        new("EXEC", -1, Flags, ExecAsync),
        new("DISCARD", 1, Flags, Discard),
        new("UNWATCH", 1, Flags, static _ => Reply.Ok),
    ];

    private static Reply Multi(RespContext context)
    {
        if (context.Client.Transaction is not null)
        {
            return Nested;
        }

        context.Client.Transaction = new Transaction();
        return Reply.Ok;
    }

    private async ValueTask<Reply> ExecAsync(RespContext context)
    {
        if (context.Command.Count > 0)
        {
            context.Client.Transaction = null;
            return ExecWithArguments;
        }

        if (context.Client.Transaction is not { } transaction)
        {
            return Reply.Error("ERR EXEC without MULTI");
        }

        context.Client.Transaction = null;
        return transaction.IsFailed ? ExecAborted
            : transaction.Address is { } address ? await transactions.RunAsync(context.Client, address, transaction.Run)
            : transaction.Run(KeyValue.None);
    }

    private static Reply Discard(RespContext context)
    {
        if (context.Client.Transaction is null)
        {
            return Reply.Error("ERR DISCARD without MULTI");
        }

        context.Client.Transaction = null;
        return Reply.Ok;
    }
}
