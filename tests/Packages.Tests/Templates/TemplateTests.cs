using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.Packages.Tests.Feed;
using OrleansSessions.Packages.Tests.Workspaces;
using Xunit;

namespace OrleansSessions.Packages.Tests.Templates;

/// <summary>A user creates projects with <c>dotnet new</c>, builds them and runs them.</summary>
public sealed class TemplateTests(LocalFeed feed)
{
    private const string HealthPage = "/healthz/ready";

    [Fact]
    public async Task Cluster_Created_PassesItsTestsAndSharesSessions()
    {
        using Workspace workspace = await CreateAsync("orleans-sessions");
        await workspace.RunAsync("Shop", "dotnet", "build");
        string report = await workspace.RunAsync("Shop/Tests/bin/Debug/net10.0", "dotnet", "Tests.dll", "-noColor");
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", report, StringComparison.Ordinal);

        using EmbeddedStore store = EmbeddedStore.Start();
        await using Server silo = Server.Start(workspace, "Shop/Silo", ["bin/Debug/net10.0/Silo.dll"], store);
        await using Server first = Server.Start(workspace, "Shop/Frontend", ["bin/Debug/net10.0/Frontend.dll"], store);
        await using Server second = Server.Start(workspace, "Shop/Frontend", ["bin/Debug/net10.0/Frontend.dll"], store);
        await silo.ReadyAsync(HealthPage);
        await AssertSharesSessionsAsync(first, second);
    }

    [Fact]
    public async Task CoHost_Created_SharesSessions()
    {
        using Workspace workspace = await CreateAsync("orleans-sessions-cohost");
        await workspace.RunAsync("Shop", "dotnet", "build");

        using EmbeddedStore store = EmbeddedStore.Start();
        await using Server first = Server.Start(workspace, "Shop", ["bin/Debug/net10.0/Shop.dll"], store);
        await using Server second = Server.Start(workspace, "Shop", ["bin/Debug/net10.0/Shop.dll"], store);
        await AssertSharesSessionsAsync(first, second);
    }

    [Fact]
    public void TestingPage_ShowsTheTemplatesTest() =>
        Assert.Contains(
            File.ReadAllText(Repository.Source("templates/content/cluster/Tests/CartTests.cs")), File.ReadAllText(Repository.Source("docs/testing.md")), StringComparison.Ordinal);

    private static async Task AssertSharesSessionsAsync(Server first, Server second)
    {
        await first.ReadyAsync(HealthPage);
        await second.ReadyAsync(HealthPage);

        using var visitor = new Visitor();
        await visitor.PostAsync(first, "/cart/apple");
        await visitor.PostAsync(second, "/cart/pear");

        Assert.Equal("""["apple","pear"]""", await visitor.GetAsync(first, "/cart"));
    }

    private async Task<Workspace> CreateAsync(string template)
    {
        var workspace = new Workspace(feed);
        try
        {
            await workspace.RunAsync("", "dotnet", "new", "install", Path.Combine(feed.Path, $"OrleansSessions.Templates.{feed.Version}.nupkg"));
            await workspace.RunAsync("", "dotnet", "new", template, "-o", "Shop");
            return workspace;
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }
}
