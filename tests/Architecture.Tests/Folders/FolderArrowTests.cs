using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace OrleansSessions.Architecture.Tests.Folders;

/// <summary>Arrows between the folders of a project point one way.</summary>
public sealed class FolderArrowTests
{
    private const string Everything = "*";

    /// <summary>
    /// The folders of a project from the bottom to the top, and which of those below each may know. The empty name is the project's root folder.
    /// </summary>
    private static readonly Dictionary<string, (string Folder, string Allowed)[]> Arrows = new()
    {
        ["Connectivity"] =
        [
            ("Certificates", ""),
            ("ClusterTls", "Certificates"),
            ("Redis", "Certificates"),
        ],
        ["Grains"] =
        [
            ("Configuration", ""),
            ("Events", ""),
            ("Locks", ""),
            ("State", ""),
            ("Telemetry", ""),
            ("Leases", "Telemetry"),
            ("Storage", "State Telemetry"),
            ("Expiry", "Configuration Storage Telemetry"),
            ("Listing", "Storage Telemetry"),
            ("Sessions", "Configuration Events Leases Locks State Storage Telemetry"),
            ("Hosting", Everything),
        ],
        ["ServiceDefaults"] =
        [
            ("Lifetime", ""),
            ("Health", "Lifetime"),
            ("Management", "Health"),
            ("Telemetry", "Health Management"),
            ("", Everything),
        ],
        ["LocalCluster"] =
        [
            ("Failures", ""),
            ("Lifetime", ""),
            ("Logs", ""),
            ("Options", ""),
            ("Store", "Failures Logs"),
            ("Members", "Failures Logs Options Store"),
            ("Balancing", "Failures Logs Members"),
            ("Status", "Failures Members Store"),
            ("Display", "Members Status Store"),
            ("", Everything),
        ],
    };

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folder_Knows_OnlyTheFoldersBelowThatItMay(string project)
    {
        Dictionary<string, string> allowed = Arrows[project].ToDictionary(static arrow => arrow.Folder, static arrow => arrow.Allowed);
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssembly(Assemblies.Get(project)).Build();
        IEnumerable<string> wrong =
            from type in architecture.Types
            let folder = FolderOf(project, type)
            where folder is not null
            from dependency in type.Dependencies
            let target = FolderOf(project, dependency.Target)
            where target is not null && target != folder
            where allowed[folder] != Everything && !allowed[folder].Split(' ').Contains(target)
            select $"{type.FullName} ({folder}) -> {dependency.Target.FullName} ({target})";

        Rule.Holds(wrong);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_PointDown(string project)
    {
        HashSet<string> below = [];
        foreach ((string folder, string allowed) in Arrows[project])
        {
            Rule.Holds(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except([.. below, Everything]));
            below.Add(folder);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_AreAllListed(string project)
    {
        IEnumerable<string> folders = Assemblies.WrittenTypes(project).Select(type => FolderOf(project, type.Namespace!)!).Distinct();

        Assert.Equal(Arrows[project].Select(static arrow => arrow.Folder).Order(), folders.Order());
    }

    private static string? FolderOf(string project, IType type) => FolderOf(project, type.Namespace?.FullName ?? "");

    private static string? FolderOf(string project, string @namespace)
    {
        string root = $"OrleansSessions.{project}";
        return @namespace == root ? "" : @namespace.StartsWith($"{root}.", StringComparison.Ordinal) ? @namespace[(root.Length + 1)..] : null;
    }
}
