using System.Text.RegularExpressions;
using OrleansSessions.EndToEnd.Tests.Failures;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Launcher;

/// <summary>What the launcher starts. The start-up time is only printed: a busy machine makes it slower, not wrong.</summary>
[Collection(typeof(AloneCollection))]
public sealed partial class StartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task LocalCluster_Started_IsReadyWithAllItsMembers()
    {
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions());
        ClusterStatus status = cluster.Status;
        TestContext.Current.TestOutputHelper?.WriteLine($"Ready after {cluster.StartTime.TotalSeconds:0.0} s.");

        Assert.Equal(2, status.Silos.Count);
        Assert.Equal(3, status.Frontends.Count);
        Assert.NotNull(status.Resp);
        Assert.All(status.Silos, silo => Assert.NotNull(silo.RespPort));
        Assert.NotNull(status.Redis);
        Assert.Equal(status.Members, cluster.FindMembers().Select(member => member.Id));
        await cluster.Launcher.UntilAsync("it says so", Soon, () => cluster.Launcher.Output.Contains("\nready: ", StringComparison.Ordinal));
        IReadOnlyList<string> printed = Lines(cluster.Launcher.Output);
        Assert.All(Lines(Block("docs/local-cluster.md", "data: ", "\n```")), line => Assert.Contains(line, printed));
        Assert.All(Lines(Block("README.md", "silo-1: ready", "\n\n")), line => Assert.Contains(line, printed));
    }

    /// <summary>The output on a page.</summary>
    private static string Block(string file, string begin, string end)
    {
        string page = File.ReadAllText(Repository.Source(file));
        int start = page.IndexOf(begin, StringComparison.Ordinal);
        return page[start..page.IndexOf(end, start, StringComparison.Ordinal)];
    }

    /// <summary>The lines of an output, without the folder, process ids and ports of their run.</summary>
    private static IReadOnlyList<string> Lines(string output)
    {
        string folder = DataFolder().Match(output) is { Success: true } data ? data.Groups[1].Value : "FOLDER";
        return [.. output.TrimEnd().Split('\n').Select(line => RunNumber().Replace(line.Trim().Replace(folder, "FOLDER", StringComparison.Ordinal), "N"))];
    }

    [GeneratedRegex("^data: (.*)$", RegexOptions.Multiline)]
    private static partial Regex DataFolder();

    [GeneratedRegex(@"(?<=pid |gateway |resp |[a-z1]:)\d+")]
    private static partial Regex RunNumber();
}
