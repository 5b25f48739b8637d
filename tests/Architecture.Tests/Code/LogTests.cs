using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Code;

/// <summary>Operators filter and alert by event id: within a project, an id identifies one message.</summary>
public sealed partial class LogTests
{
    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void EventId_IsUsedOnce(string project)
    {
        IEnumerable<string> repeated =
            from file in Repository.SourceFiles($"src/{project}")
            from Match match in EventId().Matches(file.Text)
            group file.Path by match.Groups[1].Value into uses
            where uses.Count() > 1
            select $"{uses.Key}: {string.Join(", ", uses)}";

        Rule.Holds(repeated);
    }

    [GeneratedRegex(@"LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex EventId();
}
