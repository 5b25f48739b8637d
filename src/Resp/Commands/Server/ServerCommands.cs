using System.Globalization;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Server;

/// <summary>Server commands: questions of clients about the server.</summary>
internal sealed class ServerCommands(ServerInfo info, TimeProvider time) : ICommandGroup
{
    private static readonly Reply NoCluster = Reply.Error("ERR This instance has cluster support disabled");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("INFO", -1, CommandFlags.None, context =>
            new VerbatimReply(info.Describe([.. Enumerable.Range(0, context.Command.Count).Select(i => context.Command.Keyword(i))]))),
        new("TIME", 1, CommandFlags.Fast, Time),
        new("CLUSTER", -2, CommandFlags.None, static _ => NoCluster),
    ];

    private Reply Time(RespContext context)
    {
        long microseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        (long seconds, long rest) = Math.DivRem(microseconds, 1_000_000);
        return Reply.Array(Text(seconds), Text(rest));
    }

    private static Reply Text(long number) => Reply.Bulk(number.ToString(CultureInfo.InvariantCulture));
}
