using System.Text.RegularExpressions;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Row of the tables in docs/telemetry.md.</summary>
internal sealed partial record DocumentedInstrument(string Name, string Unit, string Kind, IReadOnlyDictionary<string, string[]> Tags)
{
    /// <summary>The name in Prometheus.</summary>
    public string PrometheusName
    {
        get
        {
            string name = Name.Replace('.', '_') + (Unit == "s" ? "_seconds" : "");
            return Kind == "counter" ? name + "_total" : name;
        }
    }

    /// <summary>The type in Prometheus.</summary>
    public string PrometheusType => Kind switch { "counter" => "counter", "histogram" => "histogram", _ => "gauge" };

    /// <summary>The rows of our own instruments.</summary>
    public static IReadOnlyList<DocumentedInstrument> ReadAll() =>
    [
        .. from line in File.ReadLines(Repository.Source("docs/telemetry.md"))
           where line.StartsWith("| `orleans_sessions.", StringComparison.Ordinal)
           let cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
           select new DocumentedInstrument(cells[0].Trim('`'), cells[1].Trim('`'), cells[2], ReadTags(cells[3])),
    ];

    public override string ToString() => Name;

    // `outcome`: `ok` `error`; `operation`: any
    private static Dictionary<string, string[]> ReadTags(string cell) => cell
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(tag => tag.Split(':', 2))
        .ToDictionary(tag => tag[0].Trim('`'), tag => Code().Matches(tag.ElementAtOrDefault(1) ?? "").Select(value => value.Groups[1].Value).ToArray());

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
