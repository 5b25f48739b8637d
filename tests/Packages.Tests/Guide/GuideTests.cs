using OrleansSessions.Packages.Tests.Feed;
using OrleansSessions.Packages.Tests.Workspaces;
using Xunit;

namespace OrleansSessions.Packages.Tests.Guide;

/// <summary>A reader follows docs/aspnetcore.md word for word, in a new project with the packages.</summary>
public sealed class GuideTests(LocalFeed feed)
{
    private const string Page = "docs/aspnetcore.md";

    private static readonly GuideSection Switching = GuideSection.Read(Page, "Switching an application");
    private static readonly GuideSection Beyond = GuideSection.Read(Page, "Beyond `ISession`");
    private static readonly GuideSection Headers = GuideSection.Read(Page, "Apps without cookies");
    private static readonly GuideSection CoHosting = GuideSection.Read(Page, "Frontend and silo in one process");
    private static readonly GuideSection Events = GuideSection.Read(Page, "Session-ended events");

    /// <summary>The page's code, with what the page leaves to the reader: endpoints, a record, a handler.</summary>
    private static string Program =>
        $$"""
        {{string.Join('\n', new[] { Switching, Beyond, Headers, CoHosting, Events }.SelectMany(static section => section.Usings).Select(WithoutComment).Distinct())}}
        if (args is ["silo", ..]) { Shop.RunSilo(args); } else { Shop.RunFrontend(args); }

        public sealed record CartLine(int Sku, int Quantity);

        public sealed class ReleaseReservedStock : ISessionEventHandler
        {
            public ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken) => ValueTask.CompletedTask;

            public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken) => ValueTask.CompletedTask;
        }

        public static class Shop
        {
            public static void RunFrontend(string[] args)
            {
                {{Switching.Code}}
                MapEndpoints(app);
                app.Run();
            }

            public static void RunSilo(string[] args)
            {
                var builder = WebApplication.CreateBuilder(args);
                {{CoHosting.Code}}
                {{Events.Code}}
                var app = builder.Build();
                app.UseOrleansSessions();
                MapEndpoints(app);
                app.Run();
            }

            private static void MapEndpoints(WebApplication app)
            {
                {{Headers.Code}}
                app.MapGet("/visits", async (HttpContext context) =>
                {
                    long visits = await context.GetOrleansSession().IncrementAsync("visits");
                    return visits;
                });
                // Not from the page: what an analyzer of the package reports.
                app.MapGet("/hits", (HttpContext context) => context.Session.SetInt32("hits", (context.Session.GetInt32("hits") ?? 0) + 1));
                app.MapGet("/all", async (HttpContext HttpContext) =>
                {
                    string sku = "4711";
                    {{Beyond.Code}}
                    return visits;
                });
            }
        }
        """;

    [Fact]
    public async Task Guide_FollowedWithThePackages_KeepsASessionAcrossServers()
    {
        using var workspace = new Workspace(feed);
        await workspace.RunAsync("", "dotnet", "new", "web", "-o", "Shop", "--no-restore");

        // The feed was packed for all tests, and is the workspace's source.
        foreach (string[] command in Switching.Commands.Concat(CoHosting.Commands).Where(static command => command is not ["dotnet", "pack" or "nuget", ..]))
        {
            await workspace.RunAsync("Shop", command);
        }

        await File.WriteAllTextAsync(workspace.PathOf("Shop", "Program.cs"), Program, TestContext.Current.CancellationToken);
        string build = await workspace.RunAsync("Shop", "dotnet", "build", "-o", "out", "-p:RunAnalyzers=true");
        Assert.Contains("warning OSES002", build, StringComparison.Ordinal);
        Assert.DoesNotContain("OSES001", build, StringComparison.Ordinal);

        using EmbeddedStore store = EmbeddedStore.Start();
        await using Server silo = Server.Start(workspace, "Shop/out", ["Shop.dll", "silo"], store);
        await using Server frontend = Server.Start(workspace, "Shop/out", ["Shop.dll"], store);
        await silo.ReadyAsync("/visits");
        await frontend.ReadyAsync("/visits");

        using var visitor = new Visitor();
        Assert.Equal("1", await visitor.GetAsync(frontend, "/visits"));
        Assert.Equal("2", await visitor.GetAsync(silo, "/visits"));
        Assert.Equal("3", await visitor.GetAsync(frontend, "/visits"));
        Assert.Equal("4", await visitor.GetAsync(frontend, "/all"));

        // As /all ends with a sign-out.
        Assert.Equal("1", await visitor.GetAsync(silo, "/visits"));
    }

    private static string WithoutComment(string line) => line.Split(';')[0] + ";";
}
