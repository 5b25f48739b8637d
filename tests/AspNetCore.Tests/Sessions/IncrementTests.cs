using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary><see cref="IOrleansSession.IncrementAsync"/>, which is atomic among requests.</summary>
public sealed class IncrementTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Increment_OfAMissingEntry_CountsFromZeroAndStoresAtOnce()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, async session =>
        {
            Assert.Equal(1, await session.IncrementAsync("n", cancellationToken: Cancellation));
            Assert.Equal(1, session.Version);
            Assert.Equal(6, await session.IncrementAsync("n", 5, Cancellation));
            Assert.Equal(-4, await session.IncrementAsync("n", -10, Cancellation));
            Assert.Equal(-4, session.Get<long>("n"));
            Assert.Equal("-4", session.GetString("n"));
        });

        Assert.Equal(-4, await lab.AskAsync(browser, session => session.Get<long>("n")));
        Assert.Equal(4, lab.Grains.Calls.Count);
    }

    [Theory]
    [InlineData("41")]
    [InlineData("-43")]
    public async Task Increment_OfANumberThatTheFrameworkWrote_AddsToIt(string text)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session => session.SetString("n", text));

        await lab.RunAsync(browser, async session => await session.IncrementAsync("n", 1, Cancellation));

        Assert.Equal(long.Parse(text, CultureInfo.InvariantCulture) + 1, await lab.AskAsync(browser, session => session.Get<long>("n")));
    }

    [Fact]
    public async Task Increment_WithPendingChanges_StoresThemInTheSameCommit()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("n", "10");
            session.SetString("b", "2");
            session.Remove("a");
            Assert.Equal(11, await session.IncrementAsync("n", 1, Cancellation));
            Assert.Equal(["n", "b"], session.Keys);
        });

        Assert.Single(lab.Grains.Commits);
        Assert.Equal(["n", "b"], await lab.AskAsync(browser, session => session.Keys));
    }

    [Fact]
    public async Task Increments_InParallel_AreAllCounted()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        var sums = new ConcurrentBag<long>();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            lab.RunAsync(browser, async session => sums.Add(await session.IncrementAsync("n", 1, Cancellation)))));

        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), sums.Order());
    }

    [Theory]
    [InlineData("text", "not a number")]
    [InlineData("text", "9223372036854775807")]
    [InlineData("text", "1.5")]
    [InlineData("text", "")]
    public async Task Increment_OfNoNumberOrBeyond64Bits_Returns409(string name, string text)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session => session.SetString(name, text));

        using HttpResponseMessage response = await lab.SendAsync(browser, context => context.GetOrleansSession().IncrementAsync(name, 1, context.RequestAborted));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("Not a number", (await response.ProblemAsync()).Title);
        Assert.Equal(text, await lab.AskAsync(browser, session => session.GetString(name)));
    }

    [Fact]
    public async Task Increment_OfANameThatIsNotAllowed_Returns400()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        using HttpResponseMessage response = await lab.SendAsync(browser, context => context.GetOrleansSession().IncrementAsync("\0", 1, context.RequestAborted));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task Increment_RefusedAndCaught_LosesNoOtherChange()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session => session.SetString("text", "not a number"));

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("b", "2");
            await Assert.ThrowsAsync<SessionEntryException>(() => session.IncrementAsync("text", 1, Cancellation));
            Assert.Equal("2", session.GetString("b"));
        });

        Assert.Equal("2", await lab.AskAsync(browser, session => session.GetString("b")));
    }
}
