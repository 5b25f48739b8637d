using System.Reflection;

namespace OrleansSessions.Architecture.Tests.Code;

/// <summary>Types are sealed and internal by default.</summary>
public sealed class TypeTests
{
    public static TheoryData<string> Projects => [.. Assemblies.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Class_WithoutDerivedTypes_IsSealed(string project)
    {
        HashSet<Type> bases = [.. Assemblies.Names.SelectMany(Assemblies.WrittenTypes).Select(static type => Definition(type.BaseType)).OfType<Type>()];
        IEnumerable<string> open =
            from type in Assemblies.WrittenTypes(project)
            where type is { IsClass: true, IsSealed: false, IsAbstract: false } && type.Name != "Program" && !bases.Contains(type)

            // The runtime derives proxies from them.
            where !type.IsAssignableTo(typeof(DispatchProxy))
            select type.FullName;

        Rule.Holds(open);
    }

    [Fact]
    public void Program_OffersNoTypes()
    {
        IEnumerable<string> offered =
            from project in (string[])["Silo", "WebFrontend", "LocalCluster"]
            from file in Repository.SourceFiles($"src/{project}")
            where file.Text.Split('\n').Any(static line => line.StartsWith("public ", StringComparison.Ordinal))
            select file.Path;

        Rule.Holds(offered);
    }

    /// <summary>An analyzer tracks a package's public API in its PublicAPI files, which must exist.</summary>
    [Fact]
    public void Package_TracksItsPublicApi()
    {
        IEnumerable<string> untracked =
            from project in Assemblies.Names
            where File.ReadAllText(Path.Combine(Repository.Root, "src", project, $"{project}.csproj")).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal)
            where !File.Exists(Path.Combine(Repository.Root, "src", project, "PublicAPI.Unshipped.txt"))
            select project;

        Rule.Holds(untracked);
    }

    private static Type? Definition(Type? type) => type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type;
}
