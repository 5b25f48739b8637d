using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Code;

/// <summary>Lines are no longer than .editorconfig says: no analyzer looks at it.</summary>
public sealed partial class LineTests
{
    [Theory]
    [InlineData("bench")]
    [InlineData("samples")]
    [InlineData("src")]
    [InlineData("tests")]
    public void Line_IsNoLongerThanTheConfiguredLength(string folder)
    {
        int longest = int.Parse(
            MaxLength().Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"))).Groups[1].Value, CultureInfo.InvariantCulture);
        IEnumerable<string> wrong =
            from file in Repository.SourceFiles(folder)
            from line in file.Text.Split('\n').Index()
            where line.Item.TrimEnd('\r').Length > longest
            select $"{file.Path}:{line.Index + 1}";

        Rule.Holds(wrong);
    }

    [GeneratedRegex(@"^max_line_length = (\d+)", RegexOptions.Multiline)]
    private static partial Regex MaxLength();
}
