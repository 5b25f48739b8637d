using System.Globalization;
using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Connection;

/// <summary>CLIENT commands, limited to the client's own connection.</summary>
internal sealed class ClientCommands(TimeProvider time) : ICommandGroup
{
    private static readonly Reply NoTracking = Reply.Error("ERR the session cluster does not support client tracking");
    private static readonly Reply RepliesStayOn = Reply.Error("ERR the session cluster always replies; CLIENT REPLY supports ON only");
    private static readonly Reply InvalidLibrary = Reply.Error("ERR lib-name and lib-ver cannot contain spaces, newlines or special characters.");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("CLIENT|ID", 2, CommandFlags.None, static context => Reply.Integer(context.Client.Id)),
        new("CLIENT|GETNAME", 2, CommandFlags.None, static context => context.Client.Name.Length == 0 ? Reply.Null : Reply.Bulk(context.Client.Name)),
        new("CLIENT|SETNAME", 3, CommandFlags.None, static context => ClientName.TrySet(context.Client, context.Command[1].Span) ? Reply.Ok : ClientName.Invalid),
        new("CLIENT|SETINFO", 4, CommandFlags.None, SetInfo),
        new("CLIENT|INFO", 2, CommandFlags.None, context => new VerbatimReply(Describe(context.Client))),
        new("CLIENT|LIST", -2, CommandFlags.None, context => new VerbatimReply(Describe(context.Client))),
        new("CLIENT|NO-EVICT", 3, CommandFlags.None, static context => OnOff(context, Reply.Ok, Reply.Ok)),
        new("CLIENT|NO-TOUCH", 3, CommandFlags.None, static context => OnOff(context, Reply.Ok, Reply.Ok)),
        new("CLIENT|TRACKING", -3, CommandFlags.None, static context => OnOff(context, NoTracking, Reply.Ok)),
        new("CLIENT|REPLY", 3, CommandFlags.None, static context => context.Command.Keyword(1) switch
        {
            "ON" => Reply.Ok,
            "OFF" or "SKIP" => RepliesStayOn,
            _ => Reply.SyntaxError,
        }),
    ];

    private static Reply OnOff(RespContext context, Reply on, Reply off) => context.Command.Keyword(1) switch
    {
        "ON" => on,
        "OFF" => off,
        _ => Reply.SyntaxError,
    };

    private static Reply SetInfo(RespContext context)
    {
        ReadOnlySpan<byte> value = context.Command[2].Span;
        string attribute = context.Command.Keyword(1);
        if (attribute is not ("LIB-NAME" or "LIB-VER"))
        {
            return Reply.Error($"ERR Unrecognized option '{context.Command.Latin1(1)}'");
        }

        if (!ClientName.IsValid(value))
        {
            return InvalidLibrary;
        }

        if (attribute == "LIB-NAME")
        {
            context.Client.LibraryName = Encoding.ASCII.GetString(value);
        }
        else
        {
            context.Client.LibraryVersion = Encoding.ASCII.GetString(value);
        }

        return Reply.Ok;
    }

    private string Describe(RespClient client)
    {
        int age = (int)(time.GetUtcNow() - client.ConnectedAt).TotalSeconds;
        int multi = client.Transaction is null ? -1 : 0;
        string flags = client.Subscriptions.Count > 0 ? "P" : multi < 0 ? "N" : "x";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id={client.Id} addr={client.RemoteEndPoint} laddr={client.LocalEndPoint} fd=0 name={client.Name} age={age} idle=0 flags={flags} "
            + $"db={client.Database} sub={client.Subscriptions.Channels.Count} psub={client.Subscriptions.Patterns.Count} ssub=0 multi={multi} "
            + $"cmd={client.LastCommand} user={client.User} redir=-1 resp={client.Protocol} "
            + $"lib-name={client.LibraryName} lib-ver={client.LibraryVersion}\n");
    }
}
