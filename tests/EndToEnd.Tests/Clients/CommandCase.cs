using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Line of commands.txt.</summary>
/// <param name="Conversation">The commands.</param>
/// <param name="Difference">Why the cluster's reply differs from Redis'; null: it doesn't.</param>
/// <param name="IsOfMerging">Whether the difference applies only to keys under a merging prefix.</param>
/// <param name="Ours">The cluster's reply to the last command if it differs; line breaks are written <c>\r\n</c>.</param>
internal sealed partial record CommandCase(string Conversation, string? Difference, bool IsOfMerging, string? Ours)
{
    private const string DiffersMark = "  differs: ";
    private const string DiffersIfMergingMark = "  differs if merging: ";
    private const string OursMark = "  ours: ";

    public static IReadOnlyList<CommandCase> All { get; } = Read();

    /// <summary>Returns the commands with keys under a prefix, at a time.</summary>
    public string[] Commands(string prefix, DateTimeOffset now)
    {
        string key = prefix + Guid.NewGuid().ToString("N");
        string text = Conversation.Replace("{k}", key, StringComparison.Ordinal).Replace("{j}", key + "j", StringComparison.Ordinal);
        text = TimePattern().Replace(text, match =>
        {
            long time = match.Groups["unit"].Value == "s" ? now.ToUnixTimeSeconds() : now.ToUnixTimeMilliseconds();
            return (time + long.Parse(match.Groups["offset"].Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        });
        return text.Split(" | ");
    }

    private static List<CommandCase> Read()
    {
        List<CommandCase> cases = [];
        foreach (string line in File.ReadLines(Repository.Source("tests/EndToEnd.Tests/Clients/commands.txt")))
        {
            if (line.StartsWith(DiffersMark, StringComparison.Ordinal))
            {
                cases[^1] = cases[^1] with { Difference = line[DiffersMark.Length..] };
            }
            else if (line.StartsWith(DiffersIfMergingMark, StringComparison.Ordinal))
            {
                cases[^1] = cases[^1] with { Difference = line[DiffersIfMergingMark.Length..], IsOfMerging = true };
            }
            else if (line.StartsWith(OursMark, StringComparison.Ordinal))
            {
                cases[^1] = cases[^1] with { Ours = line[OursMark.Length..] };
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                cases.Add(new CommandCase(line, null, false, null));
            }
        }

        return cases;
    }

    [GeneratedRegex(@"\{(?<unit>s|ms)(?<offset>[+-]\d+)\}")]
    private static partial Regex TimePattern();
}
