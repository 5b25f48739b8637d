using System.Reflection;

namespace OrleansSessions.EndToEnd.Tests;

/// <summary>Where the product's programs and the results of a run are.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>Debug or Release: as these tests were built.</summary>
    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    /// <summary>The folder for logs and screenshots: <c>E2E_RESULTS</c>, or TestResults/EndToEnd.</summary>
    public static string Results { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("E2E_RESULTS") is { Length: > 0 } chosen ? chosen : Path.Combine(Root, "TestResults", "EndToEnd")).FullName;

    /// <summary>A file or folder of the sources.</summary>
    public static string Source(string path) => Path.Combine(Root, path);

    /// <summary>
    /// The program of a project under src: the one published to <c>E2E_PROGRAMS</c>, if that is set; otherwise the one built in the configuration of these tests.
    /// </summary>
    public static string Program(string project)
    {
        string folder = Environment.GetEnvironmentVariable("E2E_PROGRAMS") is { Length: > 0 } published
            ? Path.Combine(published, project)
            : Path.Combine(Root, "src", project, "bin", Configuration, "net10.0");
        string path = Path.Combine(folder, $"OrleansSessions.{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built: there is no {path}.", path);
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
