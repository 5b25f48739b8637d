using System.Net;
using OrleansSessions.EndToEnd.Tests.Clients;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Health;

/// <summary>Health endpoints from start to stop, and the requests served meanwhile.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> UntilHurried = new() { ["Shutdown__DrainDelay"] = "00:10:00" };

    [Fact]
    public async Task Member_ToldToStop_IsNotReadyAndServesUntilTheDelayIsOverOrASecondSignalEndsIt()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using MemberProcess silo = MemberProcess.StartSilo(redis.Address, UntilHurried);
        await using MemberProcess frontend = MemberProcess.StartFrontend(redis.Address, UntilHurried);
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        using var browser = new Browser(frontend.Url);
        await browser.PutAsync("name", "value");
        using RespConversation resp = await RespConversation.StartAsync(silo.Resp);

        silo.Process.Send(Signal.Terminate);
        frontend.Process.Send(Signal.Terminate);

        foreach (MemberProcess member in (MemberProcess[])[silo, frontend])
        {
            await member.UntilAsync("/healthz/ready", HttpStatusCode.ServiceUnavailable);
            Assert.Contains("drain: The process is stopping.", (await member.AskAsync("/healthz/ready")).Text);
            Assert.Equal(HttpStatusCode.OK, (await member.AskAsync("/healthz/live")).Status);
            Assert.Equal(HttpStatusCode.OK, (await member.AskAsync("/healthz/startup")).Status);
        }

        await browser.PutAsync("name", "another");
        Assert.Equal("another", (await browser.GetAsync())["name"]);
        Assert.Equal("+PONG\r\n", await resp.AskAsync("PING"));
        using (RespConversation late = await RespConversation.StartAsync(silo.Resp))
        {
            Assert.Equal("+PONG\r\n", await late.AskAsync("PING"));
        }

        Assert.Equal(0, await frontend.Process.StopAsync(Signal.Terminate, Soon));
        Assert.Equal(0, await silo.Process.StopAsync(Signal.Interrupt, Soon));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Silo_ToldToStopOnce_EndsByItselfAfterTheDelay(string exitWithParent)
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using MemberProcess silo = MemberProcess.StartSilo(
            redis.Address, new Dictionary<string, string> { ["Shutdown__DrainDelay"] = "00:00:00.2", ["ExitWithParent"] = exitWithParent });
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);

        Assert.Equal(0, await silo.Process.StopAsync(Signal.Terminate, Soon));

        Assert.Contains("still serving for 00:00:00.2", await silo.Process.ReadToEndAsync());
    }

    [Fact]
    public async Task Member_WithoutRedis_LivesHasNotStartedAndLaterOnlyTheSiloIsNotReady()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await redis.StopAsync();
        await using MemberProcess silo = MemberProcess.StartSilo(redis.Address);
        await using MemberProcess frontend = MemberProcess.StartFrontend(redis.Address);
        foreach (MemberProcess member in (MemberProcess[])[silo, frontend])
        {
            await member.UntilAsync("/healthz/live", HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await member.AskAsync("/healthz/startup")).Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await member.AskAsync("/healthz/ready")).Status);
        }

        await redis.StartAgainAsync();
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        using var browser = new Browser(frontend.Url);
        await browser.PutAsync("name", "value");

        // The first read brings the session into memory.
        await browser.GetAsync();
        await redis.StopAsync();
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.ServiceUnavailable);

        // First, because a silo without peers soon refuses to read.
        Assert.Equal("value", (await browser.GetAsync())["name"]);
        Assert.Contains($"storage: Redis at {redis.Address} can't be reached.", (await silo.AskAsync("/healthz/ready")).Text);
        Assert.Equal(HttpStatusCode.OK, (await silo.AskAsync("/healthz/startup")).Status);
        Assert.Equal(HttpStatusCode.OK, (await frontend.AskAsync("/healthz/ready")).Status);
    }

    [Fact]
    public async Task ManagementPort_Set_AloneServesHealthAndMetrics()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using MemberProcess frontend = MemberProcess.StartFrontend(redis.Address);
        await frontend.UntilAsync("/healthz/live", HttpStatusCode.OK);
        using var http = new HttpClient { BaseAddress = frontend.Url };
        foreach (string path in (string[])["/healthz/live", "/healthz/ready", "/metrics"])
        {
            using var pretended = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = frontend.Management.Authority } };
            using HttpResponseMessage answer = await http.SendAsync(pretended, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await frontend.AskAsync("/metrics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await frontend.AskAsync("/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await frontend.AskAsync("/api/session")).Status);
    }
}
