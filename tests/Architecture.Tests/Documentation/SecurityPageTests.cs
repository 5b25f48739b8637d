using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Documentation;

/// <summary>docs/security.md names tests that exist, and leaves no line of its tables open.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    private static readonly Dictionary<string, string> TestClasses = Repository.SourceFiles("tests")
        .GroupBy(static file => Path.GetFileNameWithoutExtension(file.Path))
        .ToDictionary(static files => files.Key, static files => string.Concat(files.Select(static file => file.Text)));

    [Fact]
    public void Test_NamedByThePage_Exists()
    {
        MatchCollection named = TestName().Matches(Page);
        IEnumerable<string> missing =
            from Match test in named
            let methods = TestClasses.GetValueOrDefault(test.Groups["class"].Value, "")
            let declaration = $@"\[(Fact|Theory)((?!public ).)*public (async Task|Task|void) {test.Groups["method"].Value}\("
            where !Regex.IsMatch(methods, declaration, RegexOptions.Singleline)
            select test.Value;

        Assert.NotEmpty(named);
        Rule.Holds(missing);
    }

    [Fact]
    public void Row_OfATable_NamesATestOrSaysWhyThereIsNone()
    {
        string[] rows = [.. Page.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| requirement", StringComparison.Ordinal))];

        Assert.NotEmpty(rows);
        Rule.Holds(rows.Where(static row => !TestName().IsMatch(row) && !Reason().IsMatch(row)));
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w*Tests)\.(?<method>[A-Z]\w*)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\*\*(not yet|application|documented)\*\*")]
    private static partial Regex Reason();
}
