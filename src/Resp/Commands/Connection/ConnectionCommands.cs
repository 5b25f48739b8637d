using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Authentication;
using OrleansSessions.Resp.Commands.Server;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Connection;

/// <summary>Connection commands: set up a connection and check that it is alive. Texts are those of Redis 7.0.</summary>
internal sealed class ConnectionCommands(Credentials credentials, IOptions<RespOptions> options) : ICommandGroup
{
    private const CommandFlags Anytime = CommandFlags.Fast | CommandFlags.NoAuth;

    private static readonly Reply WrongPassword = Reply.Error("WRONGPASS invalid username-password pair or user is disabled.");
    private static readonly Reply NoPassword = Reply.Error(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?");

    private static readonly Reply HelloFirst = Reply.Error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate "
        + "the client and select the RESP protocol version at the same time");

    private static readonly Reply NotAVersion = Reply.Error("ERR Protocol version is not an integer or out of range");
    private static readonly Reply UnsupportedVersion = Reply.Error("NOPROTO unsupported protocol version");
    private static readonly Reply NoSuchDatabase = Reply.Error("ERR DB index is out of range");
    private static readonly Reply NotAnInt = Reply.Error($"ERR value is out of range, value must between {int.MinValue} and {int.MaxValue}");
    private static readonly Reply IsReset = new SimpleStringReply("RESET");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("PING", -1, CommandFlags.Fast | CommandFlags.WhileSubscribed, Ping),
        new("ECHO", 2, CommandFlags.Fast, static context => Reply.Bulk(context.Command[0])),
        new("SELECT", 2, CommandFlags.Fast, Select),
        new("AUTH", -2, Anytime | CommandFlags.NotQueued, Authenticate),
        new("HELLO", -1, Anytime | CommandFlags.NotQueued, Hello),
        new("QUIT", -1, Anytime | CommandFlags.NotQueued | CommandFlags.WhileSubscribed, Quit),
        new("RESET", 1, Anytime | CommandFlags.NotQueued | CommandFlags.WhileSubscribed, Reset),
    ];

    private static Reply Ping(RespContext context)
    {
        (RespClient client, RespCommand command) = context;
        if (command.Count > 1)
        {
            return Reply.WrongNumberOfArguments(command.Name);
        }

        Reply? echo = command.Count == 1 ? Reply.Bulk(command[0]) : null;
        return client.Subscriptions.Count > 0 && client.Protocol == RespWriter.Resp2
            ? Reply.Array(Reply.Bulk("pong"), echo ?? Reply.Bulk(""))
            : echo ?? Reply.Pong;
    }

    private static Reply Quit(RespContext context)
    {
        context.Client.IsClosing = true;
        return Reply.Ok;
    }

    private Reply Select(RespContext context)
    {
        if (!CanonicalInteger.TryParse(context.Command[0].Span, out long database))
        {
            return Reply.NotAnInteger;
        }

        if (database is < int.MinValue or > int.MaxValue)
        {
            return NotAnInt;
        }

        if (database < 0 || database >= options.Value.Databases)
        {
            return NoSuchDatabase;
        }

        context.Client.Database = (int)database;
        return Reply.Ok;
    }

    private Reply Authenticate(RespContext context)
    {
        RespCommand command = context.Command;
        return command.Count > 2 ? Reply.SyntaxError
            : command.Count == 1 && !credentials.AreRequired ? NoPassword
            : TryAuthenticate(context.Client, command.Count == 1 ? Credentials.DefaultUser : command.Text(0), command[command.Count - 1]) ? Reply.Ok
            : WrongPassword;
    }

    private bool TryAuthenticate(RespClient client, string user, ReadOnlyMemory<byte> password)
    {
        if (!credentials.Verify(user, password.Span))
        {
            return false;
        }

        client.User = user;
        return true;
    }

    private Reply Hello(RespContext context)
    {
        (RespClient client, RespCommand command) = context;
        long version = client.Protocol;
        if (command.Count > 0 && !CanonicalInteger.TryParse(command[0].Span, out version))
        {
            return NotAVersion;
        }

        if (version is not (RespWriter.Resp2 or RespWriter.Resp3))
        {
            return UnsupportedVersion;
        }

        for (int i = 1; i < command.Count; i++)
        {
            switch (command.Keyword(i))
            {
                case "AUTH" when i + 2 < command.Count:
                    if (!TryAuthenticate(client, command.Text(i + 1), command[i + 2]))
                    {
                        return WrongPassword;
                    }

                    i += 2;
                    break;
                case "SETNAME" when i + 1 < command.Count:
                    if (!ClientName.TrySet(client, command[++i].Span))
                    {
                        return ClientName.Invalid;
                    }

                    break;
                default:
                    return Reply.Error($"ERR Syntax error in HELLO option '{command.Latin1(i)}'");
            }
        }

        if (!client.IsAuthenticated)
        {
            return HelloFirst;
        }

        client.Protocol = (int)version;
        return Reply.Map(
            Pair("server", Reply.Bulk("redis")),
            Pair("version", Reply.Bulk(ServerVersion.Compatible)),
            Pair("proto", Reply.Integer(client.Protocol)),
            Pair("id", Reply.Integer(client.Id)),
            Pair("mode", Reply.Bulk("standalone")),
            Pair("role", Reply.Bulk("master")),
            Pair("modules", Reply.EmptyArray));
    }

    private Reply Reset(RespContext context)
    {
        RespClient client = context.Client;
        client.Transaction = null;
        client.Watched.Clear();
        client.Reads.Clear();
        client.Subscriptions.Clear();
        client.Database = 0;
        client.Name = "";
        client.Protocol = RespWriter.Resp2;
        client.User = credentials.InitialUser;
        return IsReset;
    }

    private static KeyValuePair<Reply, Reply> Pair(string name, Reply value) => new(Reply.Bulk(name), value);
}
