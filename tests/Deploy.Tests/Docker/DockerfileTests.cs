using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Dockerfile steps, run one by one with the same files and commands and nothing else.</summary>
[Collection(nameof(DeployCollection))]
public sealed class DockerfileTests(Images images)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Orleans' dashboard: 17 MiB, most of it its pages.</summary>
    private const string Dashboard = "Orleans.Dashboard.dll";

    public static TheoryData<string> Names => ["silo", "frontend"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Image_Built_HasItsEntryPoint_AndNoDeveloperFiles(string name)
    {
        ContainerImage image = name == "silo" ? images.Silo : images.Frontend;
        string[] files = [.. Directory.EnumerateFiles(image.Files, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(image.Files, file))];

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {files.Length} files, {image.Bytes / (double)Mebibyte:0.0} MiB");
        Assert.Equal("dotnet", image.Dockerfile.EntryPoint[0]);
        Assert.Contains(image.Dockerfile.EntryPoint[1], files);
        Assert.Contains("appsettings.json", files);
        Assert.DoesNotContain(files, file => Path.GetExtension(file) is ".pdb" or ".xml" or ".so" || file.Contains("CodeAnalysis", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Contains("/OrleansSessions.", StringComparison.Ordinal));
        long ours = image.Bytes - new FileInfo(Path.Combine(image.Files, files.Single(static file => Path.GetFileName(file) == Dashboard))).Length;
        Assert.True(ours < 32 * Mebibyte, $"{ours} bytes besides {Dashboard}: did the restore find another package?");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dockerfile_IsPinned_AndRunsUnprivileged(string name)
    {
        var dockerfile = Dockerfile.Read(name);

        Assert.All(dockerfile.Bases, image => Assert.Matches(@":\d+\.\d+\.\d+-noble", image));
        Assert.EndsWith("-chiseled", dockerfile.Bases[^1], StringComparison.Ordinal);
        Assert.Equal("1654:1654", dockerfile.User);
        Assert.Equal("/app", dockerfile.WorkingDirectory);
        Assert.Equal("./", dockerfile.Output.To);
        string[] ignored = File.ReadAllLines(Repository.Source($"deploy/docker/Dockerfile.{name}.dockerignore"));
        Assert.Contains("**/bin", ignored);
        Assert.Contains("**/obj", ignored);
        foreach (string source in dockerfile.Build.Where(step => step.Name == "COPY").SelectMany(step => step.Arguments.Split(' ')[..^1]))
        {
            Assert.Contains("!" + source.Split('/')[0], ignored);
        }
    }
}
