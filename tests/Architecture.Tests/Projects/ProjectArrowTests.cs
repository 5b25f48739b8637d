namespace OrleansSessions.Architecture.Tests.Projects;

/// <summary>Arrows between projects point inward, to Contracts.</summary>
public sealed class ProjectArrowTests
{
    /// <summary>What each project may reference. A new project or arrow is a decision: it is made here.</summary>
    public static TheoryData<string, string> Allowed => new()
    {
        { "Contracts", "" },
        { "Connectivity", "" },
        { "Instrumentation", "" },
        { "Php", "Contracts" },
        { "Client", "Contracts Connectivity" },
        { "Grains", "Contracts Connectivity" },
        { "AspNetCore", "Contracts Connectivity Client Php" },
        { "Resp", "Contracts Connectivity Client Php" },
        { "ServiceDefaults", "Instrumentation" },
        { "Silo", "Grains Resp ServiceDefaults" },
        { "WebFrontend", "AspNetCore Grains Resp ServiceDefaults" },
        { "LocalCluster", "Connectivity Silo WebFrontend" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Project_References_OnlyWhatItMayKnow(string project, string allowed) =>
        Rule.Holds(ProjectFile.Read(project).Projects.Except(allowed.Split(' ')));

    [Fact]
    public void Projects_AreAllListed() => Assert.Equal(Repository.Projects, Allowed.Select(static row => row.Data.Item1).Order());

    [Theory]
    [InlineData("AspNetCore")]
    [InlineData("Resp")]
    [InlineData("Client")]
    public void Door_ToSessions_NeverReachesGrains(string project)
    {
        Assert.DoesNotContain("Grains", ProjectFile.Closure(project));
        Assert.DoesNotContain(Assemblies.Get(project).GetReferencedAssemblies(), static assembly => assembly.Name == "OrleansSessions.Grains");
    }

    [Theory]
    [InlineData("Contracts", "Microsoft.Orleans.Sdk")]
    [InlineData("Php", "")]
    [InlineData("Instrumentation", "OpenTelemetry.Api")]
    public void InnerProject_UsesNoOtherPackage(string project, string packages) => Rule.Holds(ProjectFile.Read(project).Packages.Except(packages.Split(' ')));
}
