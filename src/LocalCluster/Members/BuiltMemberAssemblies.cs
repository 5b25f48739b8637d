using System.Reflection;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Programs built together with the launcher; the build records their paths.</summary>
internal sealed class BuiltMemberAssemblies : IMemberAssemblies
{
    public string Silo { get; } = Find("OrleansSessions.Silo");

    public string Frontend { get; } = Find("OrleansSessions.WebFrontend");

    private static string Find(string name)
    {
        string relative = typeof(BuiltMemberAssemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
        string path = Path.GetFullPath(relative, AppContext.BaseDirectory);
        return File.Exists(path) ? path : throw new ClusterStartException($"{path} is missing. Build the solution again.");
    }
}
