namespace OrleansSessions.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The names of the projects in <c>src</c>.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
            .Where(static folder => ProjectFile(folder) is not null)
            .Select(static folder => Path.GetFileName(folder)!)
            .Order(),
    ];

    /// <summary>The C# files of a folder below the root, with paths relative to it.</summary>
    public static IEnumerable<(string Path, string Text)> SourceFiles(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file)
        where !path.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj")
        orderby path
        select (path, File.ReadAllText(file));

    private static string? ProjectFile(string folder) => Directory.EnumerateFiles(folder, "*.csproj").FirstOrDefault();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansSessions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"OrleansSessions.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
