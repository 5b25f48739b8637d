using System.Diagnostics;
using OrleansSessions.EndToEnd.Tests;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Content of one of our images, built by the steps of its Dockerfile.</summary>
/// <param name="Name">silo or frontend.</param>
/// <param name="Version">The build's version.</param>
/// <param name="Files">The folder with the image's working directory.</param>
/// <param name="Dockerfile">How it is built and run.</param>
internal sealed record ContainerImage(string Name, string Version, string Files, Dockerfile Dockerfile)
{
    public long Bytes => Directory.EnumerateFiles(Files, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>Runs the steps of the build stage in a folder that stands for its file system.</summary>
    public static ContainerImage Build(string name, string version, string stage)
    {
        var dockerfile = Dockerfile.Read(name);
        var variables = new Dictionary<string, string> { ["TARGETARCH"] = "amd64", ["VERSION"] = version };
        string source = stage;
        foreach ((string instruction, string arguments) in dockerfile.Build)
        {
            switch (instruction)
            {
                case "WORKDIR":
                    source = stage + arguments;
                    break;
                case "COPY":
                    Copy(arguments.Split(' '), source);
                    break;
                case "RUN":
                    string command = variables.Aggregate(arguments, (text, variable) => text.Replace("$" + variable.Key, variable.Value, StringComparison.Ordinal));
                    string output = Path.Combine(stage, $"{name}-{version}");
                    Run(command.Replace($"-o {dockerfile.Output.From} ", $"-o {output} ", StringComparison.Ordinal), source);
                    break;
                case "ARG":
                    break;
                default:
                    throw new NotSupportedException($"The Dockerfiles used no {instruction} so far.");
            }
        }

        return new ContainerImage(name, version, Path.Combine(stage, $"{name}-{version}"), dockerfile);
    }

    private static void Copy(string[] words, string target)
    {
        string folder = Path.Combine(target, words[^1]);
        foreach (string path in words[..^1].Select(Repository.Source))
        {
            if (File.Exists(path))
            {
                CopyFile(path, Path.Combine(folder, Path.GetFileName(path)));
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            {
                string relative = Path.GetRelativePath(path, file);
                if (!relative.Split('/').Any(part => part is "bin" or "obj"))
                {
                    CopyFile(file, Path.Combine(folder, relative));
                }
            }
        }
    }

    // Keep the time stamp, so that a second build only rebuilds differences.
    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }

    private static void Run(string command, string folder)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // Otherwise a build server process keeps the pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command}\n{output}\n{errors.Result}");
        }
    }
}
