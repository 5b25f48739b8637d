using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Subscription;

/// <summary>
/// Subscription commands, because client libraries subscribe to their own channels when they connect. They are acknowledged; nothing is ever published.
/// </summary>
internal sealed class SubscriptionCommands : ICommandGroup
{
    private const CommandFlags Flags = CommandFlags.WhileSubscribed;

    private static readonly Reply TooMany = Reply.Error($"ERR a connection to the session cluster has at most {Subscriptions.Max} subscriptions");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("SUBSCRIBE", -2, Flags, static context => Subscribe(context, context.Client.Subscriptions.Channels)),
        new("PSUBSCRIBE", -2, Flags, static context => Subscribe(context, context.Client.Subscriptions.Patterns)),
        new("UNSUBSCRIBE", -1, Flags, static context => Unsubscribe(context, context.Client.Subscriptions.Channels)),
        new("PUNSUBSCRIBE", -1, Flags, static context => Unsubscribe(context, context.Client.Subscriptions.Patterns)),
    ];

    private static Reply Subscribe(RespContext context, SortedSet<string> names)
    {
        if (context.Client.Subscriptions.Count + context.Command.Count > Subscriptions.Max)
        {
            return TooMany;
        }

        return Acknowledge(context, Arguments(context), names, static (names, name) => names.Add(name));
    }

    private static Reply Unsubscribe(RespContext context, SortedSet<string> names)
    {
        string[] given = context.Command.Count > 0 ? Arguments(context) : [.. names];
        return given.Length > 0
            ? Acknowledge(context, given, names, static (names, name) => names.Remove(name))
            : new PushReply([CommandName(context), Reply.Null, Reply.Integer(context.Client.Subscriptions.Count)]);
    }

    private static ReplySequence Acknowledge(RespContext context, string[] given, SortedSet<string> names, Action<SortedSet<string>, string> change)
    {
        var replies = new Reply[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            change(names, given[i]);
            replies[i] = new PushReply(
                [CommandName(context), Reply.Bulk(Encoding.Latin1.GetBytes(given[i])), Reply.Integer(context.Client.Subscriptions.Count)]);
        }

        return new ReplySequence(replies);
    }

    private static Reply CommandName(RespContext context) => Reply.Bulk(context.Command.Name.ToLowerInvariant());

    private static string[] Arguments(RespContext context) =>
        [.. Enumerable.Range(0, context.Command.Count).Select(context.Command.Latin1)];
}
