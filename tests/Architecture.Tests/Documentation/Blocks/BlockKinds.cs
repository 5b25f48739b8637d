using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Tells the kinds of code blocks apart, by their language or their first line.</summary>
internal static partial class BlockKinds
{
    /// <summary>Returns the blocks of a kind that are not listed as unchecked. There is at least one.</summary>
    public static IReadOnlyList<CodeBlock> Of(BlockKind kind)
    {
        CodeBlock[] blocks = [.. Pages.Blocks.Where(block => KindOf(block) == kind)];
        Assert.NotEmpty(blocks);
        return blocks;
    }

    public static BlockKind KindOf(CodeBlock block) => UncheckedBlocks.Find(block) is not null ? BlockKind.Other : block.Language switch
    {
        "csharp" => BlockKind.CSharp,
        "diff" => block.Text.Contains("session.save_path", StringComparison.Ordinal) ? BlockKind.PhpIni : BlockKind.CSharp,
        "bash" => BlockKind.Commands,
        "json" => BlockKind.Json,
        "yaml" => BlockKind.Yaml,
        "php" => BlockKind.Php,
        "ini" => BlockKind.PhpIni,
        "indented" when block.Lines.All(static line => Setting().IsMatch(line)) => BlockKind.Settings,
        "indented" when Command().IsMatch(block.FirstLine) => BlockKind.Commands,
        _ => BlockKind.Other,
    };

    /// <summary>Returns what a reader ends up with: the text, and of a diff the lines that stay and those that are added. "..." stands for lines that are left out.</summary>
    public static string Result(CodeBlock block) => block.Language != "diff"
        ? block.Text
        : string.Join('\n', block.Lines.Select(static line => line.StartsWith('-') || line == " ..." ? "" : line.Length == 0 ? line : line[1..]));

    [GeneratedRegex(@"^[A-Za-z_]\w*__\w+=\S*(\s+#.*)?$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\s*(\w+=\S+ )*(\./\w+\.sh|dotnet|docker|kubectl|helm|export|openssl|mkdir|umask|redis-cli)( |$)")]
    private static partial Regex Command();
}
