using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Commands of the documentation can be typed as they stand.</summary>
public sealed partial class CommandBlockTests
{
    private const string OptionOfBenchmarkDotNet = "--filter";

    /// <summary>The sources of the programs whose options the pages show.</summary>
    private static readonly Dictionary<string, string> Programs = new()
    {
        ["./bench.sh"] = Sources("bench"),
        ["./faults.sh"] = Sources("tests/Faults.Tests"),
        ["src/LocalCluster -- "] = Sources("src/LocalCluster"),
    };

    [Fact]
    public async Task Commands_AreTheShellsSyntax() => Rule.Holds(await Interpreter.ErrorsAsync(BlockKinds.Of(BlockKind.Commands), prefix: "", "bash", "-n"));

    [Fact]
    public void File_OfTheRepository_Exists() => Rule.Holds(
        from block in BlockKinds.Of(BlockKind.Commands)
        from Match file in RepositoryFile().Matches(block.Text)
        where !Path.Exists(Path.Combine(Repository.Root, file.Value))
        select $"{block.Place}: {file.Value}");

    [Fact]
    public void Option_OfOurPrograms_Exists() => Rule.Holds(
        from block in BlockKinds.Of(BlockKind.Commands)
        from line in block.Lines
        from program in Programs
        let start = line.IndexOf(program.Key, StringComparison.Ordinal)
        where start >= 0
        from Match option in Option().Matches(line[(start + program.Key.Length)..])
        where option.Value != OptionOfBenchmarkDotNet && !program.Value.Contains($"\"{option.Value}\"", StringComparison.Ordinal)
        select $"{block.Place}: {option.Value}");

    private static string Sources(string folder) => string.Concat(Repository.SourceFiles(folder).Select(static file => file.Text));

    [GeneratedRegex(@"(?<![\w./-])(\./[\w-]+\.sh|OrleansSessions\.sln|(src|samples|deploy|tests|bench|docs)/[\w./-]*\w)")]
    private static partial Regex RepositoryFile();

    [GeneratedRegex(@"(?<=[ \[])--[a-z][a-z-]+")]
    private static partial Regex Option();
}
