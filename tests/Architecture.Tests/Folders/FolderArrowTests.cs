using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace OrleansSessions.Architecture.Tests.Folders;

/// <summary>Arrows between the folders of a project point one way.</summary>
public sealed partial class FolderArrowTests
{
    private const string Everything = "*";

    /// <summary>
    /// The folders of a project from the bottom to the top, and which of those below each may know. The empty name is the project's root folder.
    /// </summary>
    private static readonly Dictionary<string, (string Folder, string Allowed)[]> Arrows = new()
    {
        ["Contracts"] =
        [
            ("Packing", ""),
            ("Lifetime", ""),
            ("Entries", "Packing"),
            ("Secrets", ""),
            ("Users", ""),
            ("Commits", "Entries Lifetime Secrets Users"),
            ("Audit", "Lifetime"),
            ("Statistics", ""),
            ("", Everything),
        ],
        ["Administration"] =
        [
            ("Options", ""),
            ("Keys", "Options"),
            ("Sessions", "Options"),
            ("Api", "Keys Options Sessions"),
            ("Hosting", Everything),
        ],
        ["AspNetCore"] =
        [
            ("Tokens", ""),
            ("Cookies", "Tokens"),
            ("Headers", "Tokens"),
            ("Options", "Cookies Headers"),
            ("Users", "Options"),
            ("Sessions", "Options Tokens Users"),
            ("Store", "Options Sessions Tokens Users"),
            ("Responses", "Sessions"),
            ("Tickets", "Options Responses Sessions Tokens Users"),
            ("Authorization", "Cookies Headers Options Sessions Tickets"),
            ("Impersonation", "Options Sessions Tickets Tokens Users"),
            ("Live", "Options Sessions Tickets"),
            ("Middleware", "Cookies Headers Live Options Responses Sessions Tokens Users"),
            ("Hosting", Everything),
        ],
        ["Resp"] =
        [
            ("Protocol", ""),
            ("Metrics", ""),
            ("Configuration", "Protocol"),
            ("Authentication", "Configuration"),
            ("Keys", "Configuration"),
            ("Buffers", "Configuration Metrics"),
            ("Values", "Protocol"),
            ("Users", "Configuration Values"),
            ("Sessions", "Configuration Keys Protocol Users Values"),
            ("Commands", "Buffers Keys Metrics Protocol Sessions Values"),
            ("Commands.Arguments", "Protocol Values"),
            ("Commands.Locks", "Commands Commands.Arguments Configuration Keys Protocol Values"),
            ("Commands.Strings", "Commands Commands.Arguments Commands.Locks Keys Protocol Sessions Values"),
            ("Commands.Hashes", "Commands Protocol Sessions Values"),
            ("Commands.Numbers", "Commands Commands.Hashes Keys Protocol Sessions Values"),
            ("Commands.Expiry", "Commands Commands.Arguments Commands.Locks Keys Protocol Sessions Values"),
            ("Commands.Keyspace", "Buffers Commands Commands.Locks Commands.Strings Keys Protocol Sessions Values"),
            ("Commands.Scripts", "Commands Commands.Arguments Commands.Locks Keys Protocol Sessions Values"),
            ("Commands.Transactions", "Commands Commands.Locks Keys Protocol Sessions Values"),
            ("Commands.Server", "Commands Configuration Keys Protocol"),
            ("Commands.Connection", "Authentication Commands Commands.Server Configuration Protocol Values"),
            ("Commands.Subscription", "Commands Protocol"),
            ("Connections", "Authentication Buffers Commands Configuration Metrics Protocol"),
            ("Hosting", Everything),
        ],
        ["Connectivity"] =
        [
            ("Files", ""),
            ("Certificates", "Files"),
            ("ClusterTls", "Certificates"),
            ("Redis", "Certificates"),
        ],
        ["Grains"] =
        [
            ("Configuration", ""),
            ("Encryption", ""),
            ("Events", ""),
            ("State", ""),
            ("Telemetry", "State"),
            ("Leases", "Configuration Telemetry"),
            ("Locks", "Telemetry"),
            ("Storage", "Encryption State Telemetry"),
            ("Expiry", "Configuration Storage Telemetry"),
            ("Listing", "Storage Telemetry"),
            ("Audit", "Configuration Events Storage Telemetry"),
            ("Statistics", "Storage Telemetry"),
            ("Sessions", "Configuration Events Leases Locks State Storage Telemetry"),
            ("Users", "Configuration Leases Sessions State Storage"),
            ("Hosting", Everything),
        ],
        ["ServiceDefaults"] =
        [
            ("Dashboard", ""),
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
            ("Demo", "Display Members"),
            ("", Everything),
        ],
    };

    private static readonly Dictionary<string, Dictionary<string, string>> FoldersOfTypes = Arrows.Keys.ToDictionary(
        static project => project, static project => ReadFolders(project));

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
            where allowed[folder] != Everything && !allowed[folder].Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(target)
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
        IEnumerable<string> folders = FoldersOfTypes[project].Values.Distinct();

        Assert.Equal(Arrows[project].Select(static arrow => arrow.Folder).Order(), folders.Order());
    }

    /// <summary>The folder of a type's file; null: the type is of another project, or generated.</summary>
    private static string? FolderOf(string project, IType type)
    {
        // Of a nested type, or one with parameters, the name begins with that of its file's type.
        int end = type.FullName.IndexOfAny(['+', '/', '`', '<']);
        return FoldersOfTypes[project].GetValueOrDefault(end < 0 ? type.FullName : type.FullName[..end]);
    }

    private static Dictionary<string, string> ReadFolders(string project) => new(
        from file in Repository.SourceFiles($"src/{project}")
        let folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine("src", project), file.Path))!.Replace(Path.DirectorySeparatorChar, '.')
        let prefix = Namespace().Match(file.Text) is { Success: true } match ? $"{match.Groups[1].Value}." : ""
        from Match type in Declaration().Matches(file.Text)
        group folder by prefix + type.Groups[1].Value into folders
        select KeyValuePair.Create(folders.Key, folders.First()));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public|internal) (?:[a-z]+ )*?(?:class|record struct|record|struct|interface|enum|delegate [\w<>.?\[\]]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
