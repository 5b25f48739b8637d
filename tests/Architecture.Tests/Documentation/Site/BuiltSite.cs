using System.Diagnostics;

namespace OrleansSessions.Architecture.Tests.Documentation.Site;

/// <summary>The site that docfx builds from docs/ and the assemblies of this build's configuration.</summary>
public sealed class BuiltSite : IAsyncLifetime
{
    internal static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "site");

    /// <summary>The descriptions of the assemblies, from which docfx makes pages.</summary>
    private static readonly string Reference = Path.Combine(Repository.Root, "artifacts", "site-api");

    /// <summary>What docfx printed.</summary>
    internal string Output { get; private set; } = "";

    internal int ExitCode { get; private set; }

    public async ValueTask InitializeAsync()
    {
        foreach (string old in (string[])[Folder, Reference])
        {
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }
        }

        (ExitCode, Output) = await DotnetAsync("tool", "restore");
        if (ExitCode == 0)
        {
            (ExitCode, Output) = await DotnetAsync("docfx", Path.Combine("docs", "docfx.json"), "--warningsAsErrors");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
