using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Packages.Tests.Guide;

/// <summary>Section of a page of the documentation, with its commands and code.</summary>
internal sealed class GuideSection
{
    private readonly string[] _lines;

    private GuideSection(string[] lines) => _lines = lines;

    /// <summary>The commands: lines indented by four spaces, outside of code blocks.</summary>
    public IEnumerable<string[]> Commands => Blocks(fence: null).Select(static command => command.Split(' '));

    /// <summary>The lines of C# that a reader ends up with, without the using directives: C# as it stands, and of a diff the new lines.</summary>
    public string Code => string.Join('\n', All.Where(static line => !IsUsing(line)));

    /// <summary>The using directives of that code.</summary>
    public IEnumerable<string> Usings => All.Where(IsUsing);

    private IEnumerable<string> All =>
    [
        .. Blocks("csharp"),
        .. Blocks("diff").Where(static line => !line.StartsWith('-')).Select(static line => line.Length == 0 ? line : line[1..]),
    ];

    /// <summary>Reads the section with a heading.</summary>
    public static GuideSection Read(string page, string heading)
    {
        string[] lines = File.ReadAllLines(Repository.Source(page));
        int start = Array.IndexOf(lines, "## " + heading);
        Assert.True(start >= 0, $"{page} has no section '{heading}'.");
        return new([.. lines.Skip(start + 1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))]);
    }

    private static bool IsUsing(string line) => line.StartsWith("using OrleansSessions", StringComparison.Ordinal);

    private IEnumerable<string> Blocks(string? fence)
    {
        string? open = null;
        foreach (string line in _lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                open = open is null ? line[3..] : null;
            }
            else if (open is null ? fence is null && line.StartsWith("    ", StringComparison.Ordinal) : open == fence)
            {
                yield return fence is null ? line[4..] : line;
            }
        }
    }
}
