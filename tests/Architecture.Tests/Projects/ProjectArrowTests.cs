namespace OrleansSessions.Architecture.Tests.Projects;

/// <summary>Arrows between projects point inward, to Contracts.</summary>
public sealed class ProjectArrowTests
{
    /// <summary>The allowed references of each project. A new project or arrow is a design decision, made here.</summary>
    public static TheoryData<string, string> Allowed => new()
    {
        { "Contracts", "" },
        { "Connectivity", "" },
        { "Aspire.Hosting", "" },
        { "Instrumentation", "" },
        { "Php", "Contracts" },
        { "Client", "Contracts" },
        { "Administration", "Contracts Client" },
        { "Migration", "Contracts Client Php Connectivity" },
        { "Grains", "Contracts Connectivity" },
        { "Testing", "Grains" },
        { "AspNetCore.Analyzers", "" },
        { "AspNetCore.CodeFixes", "AspNetCore.Analyzers" },

        // Its package contains the analyzers and code fixes; its code knows neither.
        { "AspNetCore", "Contracts Connectivity Client Migration Php AspNetCore.Analyzers AspNetCore.CodeFixes" },
        { "AspNetCore.OpenIdConnect", "AspNetCore Client Contracts" },
        { "AspNetCore.ServiceTokens", "AspNetCore Client Connectivity Contracts" },
        { "Resp", "Contracts Connectivity Client Migration Php" },
        { "ServiceDefaults", "Instrumentation" },
        { "Silo", "Administration Grains Resp ServiceDefaults" },
        { "WebFrontend", "Administration AspNetCore Grains Resp ServiceDefaults" },
        { "LocalCluster", "Connectivity Silo WebFrontend" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Project_References_OnlyWhatItMayKnow(string project, string allowed) =>
        Rule.Holds(ProjectFile.Read(project).Projects.Except(allowed.Split(' ')));

    [Fact]
    public void Projects_AreAllListed() => Assert.Equal(Repository.Projects, Allowed.Select(static row => row.Data.Item1).Order());

    [Theory]
    [InlineData("Administration")]
    [InlineData("AspNetCore")]
    [InlineData("AspNetCore.OpenIdConnect")]
    [InlineData("AspNetCore.ServiceTokens")]
    [InlineData("Resp")]
    [InlineData("Client")]
    [InlineData("Migration")]
    public void Door_ToSessions_NeverReachesGrains(string project)
    {
        Assert.DoesNotContain("Grains", ProjectFile.Closure(project));
        Assert.DoesNotContain(Assemblies.Get(project).GetReferencedAssemblies(), static assembly => assembly.Name == "OrleansSessions.Grains");
    }

    [Fact]
    public void Frontend_KnowsNoCompiler() => Assert.DoesNotContain(
        Assemblies.Get("AspNetCore").GetReferencedAssemblies(), static assembly => assembly.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    [Fact]
    public void Client_KnowsNoRedis() => Assert.DoesNotContain(Assemblies.Get("Client").GetReferencedAssemblies(), static assembly => assembly.Name == "StackExchange.Redis");

    [Theory]
    [InlineData("Contracts", "Microsoft.Orleans.Sdk")]
    [InlineData("Client", "Microsoft.AspNetCore.Connections.Abstractions Polly.Core")]
    [InlineData("Php", "")]
    [InlineData("Instrumentation", "OpenTelemetry.Api")]
    public void InnerProject_UsesNoOtherPackage(string project, string packages) => Rule.Holds(ProjectFile.Read(project).Packages.Except(packages.Split(' ')));
}
