using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Server;

/// <summary>CONFIG GET for the settings that client libraries read; nothing can be set.</summary>
internal sealed class ConfigCommands(IOptions<RespOptions> options) : ICommandGroup
{
    private static readonly Reply ReadOnly = Reply.Error("ERR the session cluster is configured by its silos' settings, not by CONFIG");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("CONFIG|GET", -3, CommandFlags.None, Get),
        new("CONFIG|SET", -4, CommandFlags.None, static _ => ReadOnly),
        new("CONFIG|RESETSTAT", 2, CommandFlags.None, static _ => ReadOnly),
        new("CONFIG|REWRITE", 2, CommandFlags.None, static _ => ReadOnly),
    ];

    private IEnumerable<(string Name, string Value)> Parameters =>
    [
        ("appendonly", "yes"),
        ("databases", Number(options.Value.Databases)),
        ("maxclients", Number(options.Value.MaxConnections)),
        ("maxmemory", "0"),
        ("maxmemory-policy", "noeviction"),
        ("notify-keyspace-events", ""),
        ("proto-max-bulk-len", Number(options.Value.MaxBulkBytes)),
        ("replica-read-only", "yes"),
        ("save", ""),
        ("slave-read-only", "yes"),
        ("timeout", Number((int)options.Value.IdleTimeout.TotalSeconds)),
    ];

    private Reply Get(RespContext context)
    {
        string[] patterns = [.. Enumerable.Range(1, context.Command.Count - 1).Select(i => context.Command.Latin1(i).ToLowerInvariant())];
        return Reply.Map([.. Parameters
            .Where(parameter => patterns.Any(pattern => GlobPattern.Matches(Encoding.Latin1.GetBytes(pattern), Encoding.ASCII.GetBytes(parameter.Name))))
            .Select(static parameter => KeyValuePair.Create(Reply.Bulk(parameter.Name), Reply.Bulk(parameter.Value)))]);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
