using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansSessions.Architecture.Tests;

/// <summary>The assemblies of the projects in <c>src</c> that tests can load: all but the web programs.</summary>
internal static class Assemblies
{
    public static IReadOnlyList<string> Names { get; } = [.. Repository.Projects.Except(["Silo", "WebFrontend"])];

    public static Assembly Get(string project) => Assembly.Load($"OrleansSessions.{project}");

    /// <summary>Returns the types in an assembly's source code.</summary>
    public static IEnumerable<Type> WrittenTypes(string project) => Get(project).GetTypes().Where(static type =>
        type.Namespace?.StartsWith("OrleansSessions", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        && !type.FullName!.Contains('<', StringComparison.Ordinal));
}
