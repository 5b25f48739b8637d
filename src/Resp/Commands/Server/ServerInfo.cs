using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Commands.Server;

/// <summary>Text of INFO, limited to what clients use to choose their commands. Figures about the cluster are in its metrics.</summary>
internal sealed class ServerInfo(IOptions<RespOptions> options, TimeProvider time)
{
    private readonly string _runId = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + "00000000";
    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>Returns the requested sections, named in upper case; none: all.</summary>
    public string Describe(string[] sections)
    {
        bool all = sections.Length == 0 || sections.Any(static section => section is "DEFAULT" or "ALL" or "EVERYTHING");
        return string.Join("\r\n", Sections.Where(section => all || sections.Contains(section.Title.ToUpperInvariant())).Select(Format));
    }

    private IEnumerable<(string Title, (string Name, string Value)[] Lines)> Sections =>
    [
        ("Server",
        [
            ("redis_version", ServerVersion.Compatible),
            ("redis_mode", "standalone"),
            ("os", Environment.OSVersion.ToString()),
            ("arch_bits", "64"),
            ("run_id", _runId),
            ("tcp_port", Number(options.Value.Port ?? 0)),
            ("uptime_in_seconds", Number((long)(time.GetUtcNow() - _started).TotalSeconds)),
            ("uptime_in_days", Number((time.GetUtcNow() - _started).Days)),
        ]),
        ("Clients", [("maxclients", Number(options.Value.MaxConnections))]),
        ("Memory", [("maxmemory", "0"), ("maxmemory_policy", "noeviction")]),
        ("Persistence", [("loading", "0")]),
        ("Replication", [("role", "master"), ("connected_slaves", "0"), ("master_repl_offset", "0")]),
        ("Cluster", [("cluster_enabled", "0")]),
    ];

    private static string Format((string Title, (string Name, string Value)[] Lines) section)
    {
        var text = new StringBuilder().Append("# ").Append(section.Title).Append("\r\n");
        foreach ((string name, string value) in section.Lines)
        {
            text.Append(name).Append(':').Append(value).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
