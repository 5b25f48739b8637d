using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansSessions.Architecture.Tests.Documentation.Site;

/// <summary>The documentation's site is complete, and none of its links is broken.</summary>
public sealed partial class SiteTests(BuiltSite site) : IClassFixture<BuiltSite>
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");

    [Fact]
    public void Build_HasNoWarnings() => Assert.True(site.ExitCode == 0, site.Output);

    [Fact]
    public void Page_IsInTheTableOfContents()
    {
        string contents = File.ReadAllText(Path.Combine(Docs, "toc.yml"));
        string[] pages =
        [
            .. Directory.EnumerateFiles(Docs, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Docs, "decisions"), "*.md"))
                .Select(static page => Path.GetRelativePath(Docs, page).Replace('\\', '/')),
        ];

        Assert.NotEmpty(pages);
        Rule.Holds(pages.Where(page => !contents.Contains($"- href: {page}\n", StringComparison.Ordinal)));
        Rule.Holds(pages.Where(static page => !File.Exists(Path.Combine(BuiltSite.Folder, "docs", Path.ChangeExtension(page, ".html")))));
    }

    [Fact]
    public void Link_BetweenPages_Resolves()
    {
        SitePage[] pages = [.. Directory.EnumerateFiles(BuiltSite.Folder, "*.html", SearchOption.AllDirectories).Select(SitePage.Of)];

        Assert.NotEmpty(pages);
        Rule.Holds(
            from page in pages
            from link in page.Links
            where !page.Resolves(link)
            select $"{page.Name}: {link}");
    }

    /// <summary>On the repository's own pages, where the site's links to files that it does not have lead.</summary>
    [Fact]
    public void Link_InTheRepository_Resolves() => Rule.Holds(
        from page in (string[])
        [
            .. Directory.EnumerateFiles(Repository.Root, "*.md"),
            .. Directory.EnumerateFiles(Docs, "*.md", SearchOption.AllDirectories),
        ]
        from Match link in MarkdownLink().Matches(File.ReadAllText(page))
        where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
        select $"{Path.GetRelativePath(Repository.Root, page)}: {link.Groups[1].Value}");

    [Fact]
    public void Reference_HasEveryPackageWithAnApi()
    {
        JsonNode metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(Docs, "docfx.json")))!["metadata"]![0]!;
        IEnumerable<string> listed = metadata["src"]![0]!["files"]!.AsArray().Select(static file => file!.GetValue<string>().Split('/')[0]);
        IEnumerable<string> packages =
            from project in Repository.Projects
            let file = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            where file.Descendants("IsPackable").Any(static property => property.Value == "true")
            select project;

        Assert.Equal(packages.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reference_HasThePublicTypesOnly()
    {
        string[] types = [.. Directory.EnumerateFiles(Path.Combine(BuiltSite.Folder, "api"), "*.html").Select(static page => Path.GetFileNameWithoutExtension(page))];

        Assert.Contains("OrleansSessions.AspNetCore.IOrleansSession", types);
        Assert.DoesNotContain("OrleansSessions.Grains.State.SessionState", types);
        Assert.DoesNotContain(types, static type => type.StartsWith("OrleansCodeGen", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex MarkdownLink();
}
