using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>redis-py with a connection pool.</summary>
[Collection(typeof(RespCollection))]
public sealed class PythonTests(RespCluster cluster)
{
    private const string Script = "tests/EndToEnd.Tests/Clients/python/redis-py.py";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task RedisPy_WithAPool_LosesNothingAndShowsNothingTwice()
    {
        Tools.Require(Tools.RedisPy);

        // Debian's own Python, because others may lack Debian's package.
        await using ChildProcess python = ChildProcess.Start("redis-py", ["/usr/bin/python3", Repository.Source(Script), cluster.Address]);
        string output = await python.ReadToEndAsync().WaitAsync(Timeout, TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0 && output.EndsWith("done", StringComparison.Ordinal), output);
    }
}
