using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Packages.Tests.Feed;
using Xunit;

namespace OrleansSessions.Packages.Tests.Workspaces;

/// <summary>A user's folder outside the repository. Projects in it get our packages from the local feed, and others as this machine is configured.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Workspace(LocalFeed feed)
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        // Packages that the machine has already are used where they are; new ones don't enter its cache.
        File.WriteAllText(_folder.File("NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{feed.Installed}" /></config>
              <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="orleans-sessions" value="{feed.Path}" /></packageSources>
            </configuration>
            """);
    }

    /// <summary>Returns the path of a file or folder.</summary>
    public string PathOf(params string[] parts) => Path.Combine([_folder.Path, .. parts]);

    /// <summary>Runs a command to its end in a folder, and fails with its output if it fails.</summary>
    /// <param name="folder">The folder, relative to the workspace.</param>
    /// <param name="command">The command with its arguments.</param>
    public async Task<string> RunAsync(string folder, params string[] command)
    {
        await using ChildProcess child = Start(folder, command, new Dictionary<string, string>());
        string output = await child.ReadToEndAsync();
        Assert.True(child.ExitCode == 0, $"{string.Join(' ', command)} ended with exit code {child.ExitCode}:\n{output}");
        return output;
    }

    /// <summary>Starts a program in a folder.</summary>
    public ChildProcess Start(string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> settings) => ChildProcess.Start(
        Path.GetFileName(command[1]),
        ["env", "--chdir", Path.Combine(_folder.Path, folder), .. command],
        new Dictionary<string, string>(settings)
        {
            // Templates that a test installs stay in the workspace.
            ["DOTNET_CLI_HOME"] = _folder.Path,
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",

            // A compiler server for the projects of one build. It ends with the command, because it is in its Unix session.
            ["UseSharedCompilation"] = "true",
            ["SharedCompilationId"] = Path.GetFileName(_folder.Path),
            ["RunAnalyzers"] = "false",
            ["NuGetAudit"] = "false",
        });

    public void Dispose() => _folder.Dispose();
}
