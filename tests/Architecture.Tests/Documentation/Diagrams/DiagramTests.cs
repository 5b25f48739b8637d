using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Architecture.Tests.Documentation.Diagrams;

/// <summary>The pictures in docs/diagrams show what the texts beside them say.</summary>
public sealed class DiagramTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "diagrams");
    private static readonly string Renderer = Path.Combine(Repository.Root, "eng", "diagrams");

    [Fact]
    public void Picture_IsRenderedFromItsText()
    {
        string[] texts = [.. Directory.EnumerateFiles(Folder, "*.mmd")];
        string settings = ReadRenderer("mermaid.json") + ReadRenderer("style.css");

        Assert.NotEmpty(texts);
        Rule.Holds(
            from text in texts
            let picture = Path.ChangeExtension(text, ".svg")
            let hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(text) + settings)))
            where !File.Exists(picture) || !File.ReadAllText(picture).Contains($"data-source-sha256=\"{hash}\"", StringComparison.Ordinal)
            select $"{Path.GetFileName(picture)}: run eng/diagrams/render.sh");
    }

    [Fact]
    public void Picture_HasATextAndIsShownOnAPage()
    {
        string pages = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(File.ReadAllText));

        Rule.Holds(
            from picture in Directory.EnumerateFiles(Folder, "*.svg")
            let name = Path.GetFileName(picture)
            where !File.Exists(Path.ChangeExtension(picture, ".mmd")) || !pages.Contains($"](diagrams/{name})", StringComparison.Ordinal)
            select name);
    }

    private static string ReadRenderer(string file) => File.ReadAllText(Path.Combine(Renderer, file));
}
