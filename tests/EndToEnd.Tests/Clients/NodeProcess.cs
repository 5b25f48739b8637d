using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Script of Clients/node. It checks its own results, prints <c>done</c>, and ends.</summary>
internal static class NodeProcess
{
    private const string Folder = "tests/EndToEnd.Tests/Clients/node";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script against a server. Skips the running test if Node or its packages are missing.</summary>
    public static async Task RunAsync(string script, string server)
    {
        Tools.Require(Tools.Node);
        Tools.Require(Repository.Source($"{Folder}/node_modules"));
        await using ChildProcess node = ChildProcess.Start($"node-{script}", [Tools.Find(Tools.Node), Repository.Source($"{Folder}/{script}.js"), server]);
        string output = await node.ReadToEndAsync().WaitAsync(Timeout, TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0 && output.EndsWith("done", StringComparison.Ordinal), output);
    }
}
