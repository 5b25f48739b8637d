using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Packages.Tests.Feed;

/// <summary>What a package contains, and what its page in a gallery shows.</summary>
public sealed class PackageTests(LocalFeed feed)
{
    /// <summary>The packages, listed in docs/packages.md.</summary>
    private static readonly string[] Libraries =
    [
        "OrleansSessions.Administration",
        "OrleansSessions.Aspire.Hosting",
        "OrleansSessions.AspNetCore",
        "OrleansSessions.AspNetCore.OpenIdConnect",
        "OrleansSessions.AspNetCore.ServiceTokens",
        "OrleansSessions.Client",
        "OrleansSessions.Connectivity",
        "OrleansSessions.Contracts",
        "OrleansSessions.Grains",
        "OrleansSessions.Instrumentation",
        "OrleansSessions.Migration",
        "OrleansSessions.Php",
        "OrleansSessions.Resp",
        "OrleansSessions.Testing",
    ];

    [Fact]
    public void Feed_HasTheLibrariesAndTemplates_AndNoProgram() => Assert.Equal([.. ((string[])[.. Libraries, "OrleansSessions.Templates"]).Order()], feed.Ids);

    [Fact]
    public void Page_ListsEveryPackage() =>
        Assert.All(feed.Ids, static id => Assert.Contains($"`{id}`", File.ReadAllText(Repository.Source("docs/packages.md")), StringComparison.Ordinal));

    [Fact]
    public void Package_DescribesItself() => Assert.All(feed.Ids, id =>
    {
        Package package = feed.Open(id);

        Assert.NotEqual("Package Description", package.Element("description")?.Value);
        Assert.Equal("MIT", package.Element("license")?.Value);
        Assert.Equal("icon.png", package.Element("icon")?.Value);
        Assert.Equal("README.md", package.Element("readme")?.Value);
        Assert.Contains("orleans", package.Element("tags")?.Value, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{40}$", package.Element("repository")?.Attribute("commit")?.Value);
        Assert.Contains("icon.png", package.Files);
        Assert.Contains("README.md", package.Files);
    });

    [Fact]
    public void Library_HasItsDocumentationAndSymbols() => Assert.All(Libraries, id =>
    {
        Assert.Contains($"lib/net10.0/{id}.dll", feed.Open(id).Files);
        Assert.Contains($"lib/net10.0/{id}.xml", feed.Open(id).Files);
        Assert.Contains($"lib/net10.0/{id}.pdb", Package.Open(Path.Combine(feed.Path, $"{id}.{feed.Version}.snupkg")).Files);
    });

    [Fact]
    public void FrontendPackage_ContainsItsAnalyzers()
    {
        Package package = feed.Open("OrleansSessions.AspNetCore");

        Assert.Contains("analyzers/dotnet/cs/OrleansSessions.AspNetCore.Analyzers.dll", package.Files);
        Assert.Contains("analyzers/dotnet/cs/OrleansSessions.AspNetCore.CodeFixes.dll", package.Files);
        Assert.DoesNotContain(package.Dependencies.Keys, static id => id.StartsWith("OrleansSessions.AspNetCore.", StringComparison.Ordinal));
    }

    /// <summary>The packages use each other's internals, so versions don't mix.</summary>
    [Fact]
    public void Package_DependsOnExactlyItsOwnVersionOfTheOthers()
    {
        Assert.Contains("OrleansSessions.Contracts", feed.Open("OrleansSessions.Grains").Dependencies.Keys);
        Assert.All(feed.Ids, id => Assert.All(
            feed.Open(id).Dependencies.Where(static dependency => dependency.Key.StartsWith("OrleansSessions.", StringComparison.Ordinal)),
            dependency => Assert.Equal($"[{feed.Version}]", dependency.Value)));
    }
}
