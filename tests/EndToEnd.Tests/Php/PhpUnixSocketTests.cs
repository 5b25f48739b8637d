using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP on the silo's machine, over its Unix socket.</summary>
public sealed class PhpUnixSocketTests
{
    [Fact]
    public async Task Session_OverTheUnixSocket_IsTheSameAsOverThePort()
    {
        PhpStore.RequireTools();
        string socket = Path.Combine(Path.GetTempPath(), $"resp-{Guid.NewGuid():N}.sock");
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions
        {
            Silos = 1,
            Frontends = 1,
            Environment = new Dictionary<string, string> { ["Resp__UnixSocket"] = socket },
        });
        await using PhpSite near = await PhpSite.StartAsync(new PhpSettings(socket));
        await using PhpSite far = await PhpSite.StartAsync(new PhpSettings(cluster.Status.Resp!));

        using var first = new PhpBrowser(near);
        await first.IncrementAsync("count");
        using var second = new PhpBrowser(far) { SessionId = first.SessionId };
        await second.IncrementAsync("count");

        Assert.Equal("3", (await first.IncrementAsync("count"))["count"]);
    }
}
