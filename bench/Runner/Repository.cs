namespace OrleansSessions.Bench.Runner;

/// <summary>Paths of sources, programs and results.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Returns the path of a source file or folder.</summary>
    public static string Source(string path) => Path.Combine(Root, path);

    /// <summary>Returns the path of a program built in configuration Release.</summary>
    public static string Program(string folder, string assembly)
    {
        string path = Path.Combine(Root, folder, "bin", "Release", "net10.0", $"OrleansSessions.{assembly}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{folder} is not built in configuration Release. Build it first.", path);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansSessions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No OrleansSessions.sln above {AppContext.BaseDirectory}.");
    }
}
