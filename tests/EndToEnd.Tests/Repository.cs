using System.Reflection;

namespace OrleansSessions.EndToEnd.Tests;

/// <summary>Paths of the product's programs and of a run's results.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>Debug or Release, like these tests.</summary>
    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    /// <summary>The folder for logs and screenshots: <c>E2E_RESULTS</c>, or TestResults/EndToEnd.</summary>
    public static string Results { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("E2E_RESULTS") is { Length: > 0 } chosen ? chosen : Path.Combine(Root, "TestResults", "EndToEnd")).FullName;

    /// <summary>Returns the path of a source file or folder.</summary>
    public static string Source(string path) => Path.Combine(Root, path);

    /// <summary>
    /// Returns the program of a project under src: published to <c>E2E_PROGRAMS</c>, if set; otherwise built in these tests' configuration.
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
