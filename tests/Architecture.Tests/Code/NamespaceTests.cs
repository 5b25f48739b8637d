using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Code;

/// <summary>A namespace equals its folder, and a file has the name of its type.</summary>
public sealed partial class NamespaceTests
{
    /// <summary>Folders whose types are in the project's root namespace, so that package users need one <c>using</c>.</summary>
    private static readonly string[] InRootNamespace =
    [
        "src/Administration/Hosting",
        "src/Administration/Keys",
        "src/Administration/Options",
        "src/Administration/Sessions",
        "src/AspNetCore/Authorization",
        "src/AspNetCore/Hosting",
        "src/AspNetCore/Impersonation",
        "src/AspNetCore/Live",
        "src/AspNetCore/Middleware",
        "src/AspNetCore/Options",
        "src/AspNetCore/Sessions",
        "src/AspNetCore/Tickets",
        "src/AspNetCore/Users",
        "src/Contracts/Audit",
        "src/Contracts/Commits",
        "src/Contracts/Entries",
        "src/Contracts/Lifetime",
        "src/Contracts/Packing",
        "src/Contracts/Secrets",
        "src/Contracts/Statistics",
        "src/Contracts/Users",
    ];

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_EqualsFolder(string project)
    {
        IEnumerable<string> wrong =
            from file in Repository.SourceFiles($"src/{project}")
            let folder = Path.GetDirectoryName(file.Path)!.Replace('\\', '/')
            let expected = InRootNamespace.Contains(folder) ? $"OrleansSessions.{project}" : $"OrleansSessions.{folder["src/".Length..].Replace('/', '.')}"
            let actual = Namespace().Match(file.Text).Groups[1].Value
            where actual != expected && Path.GetFileName(file.Path) != "Program.cs"
            select $"{file.Path}: {actual}";

        Rule.Holds(wrong);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
