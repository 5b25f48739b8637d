namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>The pages of the documentation, and their code blocks.</summary>
internal static class Pages
{
    private const string Fence = "```";
    private const string Indentation = "    ";

    public static IReadOnlyList<CodeBlock> Blocks { get; } =
    [
        .. Files().SelectMany(static page => Read(page, File.ReadAllLines(Path.Combine(Repository.Root, page)))),
    ];

    private static IEnumerable<string> Files() =>
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "src/PackageReadme.md", "samples/README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Repository.Root, file))
            .Order(),
    ];

    private static IEnumerable<CodeBlock> Read(string page, string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            int start = i + 1;
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                string[] block = [.. lines.Skip(start).TakeWhile(static line => !line.StartsWith(Fence, StringComparison.Ordinal))];
                i += block.Length + 1;
                yield return new(page, start + 1, line[Fence.Length..], block);
            }
            else if (line.StartsWith(Indentation, StringComparison.Ordinal) && (i == 0 || lines[i - 1].Length == 0))
            {
                string[] block = [.. lines.Skip(i).TakeWhile(static line => line.StartsWith(Indentation, StringComparison.Ordinal))];
                i += block.Length - 1;
                yield return new(page, start, "indented", [.. block.Select(static line => line[Indentation.Length..])]);
            }
        }
    }
}
