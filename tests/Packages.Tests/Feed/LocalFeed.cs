using System.Globalization;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Packages.Tests.Feed;
using Xunit;

[assembly: AssemblyFixture(typeof(LocalFeed))]

namespace OrleansSessions.Packages.Tests.Feed;

/// <summary>Local package feed: the built projects of the solution, packed once for all tests.</summary>
public sealed class LocalFeed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The packages' version. It is unique, so that no package cache of the machine has it.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}");

    /// <summary>The folder with the packages.</summary>
    public string Path => _folder.File("feed");

    /// <summary>The folder for installed packages, shared by all tests.</summary>
    public string Installed => _folder.File("installed");

    /// <summary>The ids of all packages.</summary>
    public IReadOnlyList<string> Ids => [.. Directory.EnumerateFiles(Path, "*.nupkg").Select(file => System.IO.Path.GetFileName(file)[..^$".{Version}.nupkg".Length]).Order()];

    public async ValueTask InitializeAsync()
    {
        string[] command =
        [
            "dotnet", "pack", Repository.Source("OrleansSessions.sln"), "--no-build", "--configuration", Repository.Configuration, "--output", Path, "--nologo",
            "-p:VersionPrefix=" + Version, "-nodeReuse:false",
        ];
        await using var pack = ChildProcess.Start("pack", command);
        string output = await pack.ReadToEndAsync();
        Assert.True(pack.ExitCode == 0, output);
    }

    /// <summary>Opens a package.</summary>
    internal Package Open(string id) => Package.Open(System.IO.Path.Combine(Path, $"{id}.{Version}.nupkg"));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
