using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Limits of a session, and entries that it refuses.</summary>
public sealed class RefusedEntryTests(SessionCluster cluster)
{
    [Fact]
    public async Task Value_OfNearlyTheLimit_IsStored()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        byte[] large = new byte[1024 * 1024 - 16];
        new Random(1).NextBytes(large);

        await lab.RunAsync(browser, session => session.Set("large", large));

        Assert.Equal(large, await lab.AskAsync(browser, session => session.Get("large")));
    }

    [Fact]
    public async Task Value_AboveTheLimit_Returns413AndChangesNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString("a", "2");
            context.Session.Set("large", new byte[10 * 1024 * 1024]);
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        string detail = (await response.ProblemAsync()).Detail!;
        Assert.Contains("1048576", detail, StringComparison.Ordinal);
        Assert.Contains((10 * 1024 * 1024 + "large".Length + "a".Length + 1).ToString(CultureInfo.InvariantCulture), detail, StringComparison.Ordinal);
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("1", session.GetString("a"));
            Assert.Equal(["a"], session.Keys);
        });
    }

    [Fact]
    public async Task Value_AboveTheLimitInTheFirstRequest_StartsNoSession()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.Set("large", new byte[10 * 1024 * 1024]);
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task Value_AboveTheLimitAndThenASmallerOne_IsStoredAndSeenByTheNextRequest()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.SendAsync(browser, async context =>
        {
            IOrleansSession session = context.GetOrleansSession();
            await Assert.ThrowsAsync<SessionLimitException>(() => session.UpdateAsync<string>("a", _ => new string('x', 2 * 1024 * 1024), TestContext.Current.CancellationToken));
            await session.UpdateAsync<string>("a", _ => "1", TestContext.Current.CancellationToken);
        });

        await lab.RunAsync(browser, session => Assert.Equal("1", session.Get<string>("a")));
    }

    [Fact]
    public async Task Entries_AboveTheirNumber_AreAnswered413()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                context.Session.SetString($"entry-{i}", "x");
            }

            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(["a"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Theory]
    [InlineData("")]
    [InlineData("control\u0001character")]
    [InlineData("line\nbreak")]
    public async Task EntryName_ThatIsNotAllowed_Returns400(string name)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString(name, "x");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["a"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Fact]
    public async Task EntryName_TooLong_Returns413()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            context.Session.SetString(new string('ä', 129), "x");
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Null_AsKeyOrValue_IsRefusedWhereItIsGiven()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Throws<ArgumentNullException>(() => session.Set(null!, []));
            Assert.Throws<ArgumentNullException>(() => session.Set("a", (byte[])null!));
            Assert.Throws<ArgumentNullException>(() => session.Remove(null!));
            Assert.Throws<ArgumentNullException>(() => session.TryGetValue(null!, out _));
        });
    }
}
