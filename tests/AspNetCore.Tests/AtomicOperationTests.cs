using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary><see cref="IOrleansSession"/> beyond <see cref="ISession"/>: typed values, and operations that are atomic among requests.</summary>
public sealed class AtomicOperationTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TypedValue_Set_IsRead()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        var cart = new Cart("Ada", [new Line("tea", 2), new Line("grüner Tee", 1)]);

        await lab.RunAsync(browser, session =>
        {
            session.Set("cart", cart);
            Assert.Equivalent(cart, session.Get<Cart>("cart"));
            session.Set("number", 42L);
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equivalent(cart, session.Get<Cart>("cart"));
            Assert.Equal(42L, session.Get<long>("number"));
            Assert.Equal(EntryFormat.Json, session.GetEntry("cart")!.Format);
        });
    }

    [Fact]
    public async Task TypedValue_Absent_IsTheTypesDefault()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Null(session.Get<Cart>("cart"));
            Assert.Equal(0, session.Get<int>("number"));
            Assert.Null(session.Get<int?>("number"));
        });
    }

    [Fact]
    public async Task TypedValue_OfAnEntryThatIsNoJson_ThrowsNamingEntryAndType()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("text", "not JSON");
            SessionEntryException exception = Assert.Throws<SessionEntryException>(() => session.Get<Cart>("text"));
            Assert.Contains("'text'", exception.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(Cart), exception.Message, StringComparison.Ordinal);
            Assert.IsType<JsonException>(exception.InnerException, exactMatch: false);
        });
    }

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

    [Fact]
    public async Task Updates_InParallel_AllCount()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        const int Requests = 50;

        await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => lab.RunAsync(browser, async session =>
            await session.UpdateAsync<List<int>>("list", list => [.. list ?? [], i], Cancellation))));

        Assert.Equal(Enumerable.Range(0, Requests), (await lab.AskAsync(browser, session => session.Get<List<int>>("list")))!.Order());
    }

    [Fact]
    public async Task Updates_OfAnEntryThatOthersChangeAllTheTime_GoThrough()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        await lab.RunAsync(browser, async session => await session.IncrementAsync("n", 1, Cancellation));
        using var stop = new CancellationTokenSource();
        Task<int>[] others = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            int sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
            {
                await lab.RunAsync(browser, async session => await session.IncrementAsync("n", 1, Cancellation));
            }

            return sent;
        })];

        for (int i = 0; i < 20; i++)
        {
            await lab.RunAsync(browser, async session => await session.UpdateAsync<long>("n", n => n + 1_000_000, Cancellation));
        }

        await stop.CancelAsync();
        int increments = (await Task.WhenAll(others)).Sum();
        Assert.Equal(20_000_001 + increments, await lab.AskAsync(browser, session => session.Get<long>("n")));
    }

    [Fact]
    public async Task Update_ReturnsWhatItStored()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("other", "pending");
            Assert.Equal(1, await session.UpdateAsync<int>("n", n => n + 1, Cancellation));
            Assert.Equal(2, await session.UpdateAsync<int>("n", n => n + 1, Cancellation));
            Assert.Equal(2, session.Get<int>("n"));
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(2, session.Get<int>("n"));
            Assert.Equal("pending", session.GetString("other"));
        });
    }

    [Fact]
    public async Task Update_OfAnEntryChangedMeanwhile_IsComputedAgainFromIt()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        List<int> seen = [];

        await lab.RunAsync(browser, async session =>
        {
            await lab.RunAsync(browser, other => other.Set("n", 10));
            Assert.Equal(11, await session.UpdateAsync<int>(
                "n",
                n =>
                {
                    seen.Add(n);
                    return n + 1;
                },
                Cancellation));
        });

        Assert.Equal([0, 10], seen);
    }

    [Fact]
    public async Task Update_OfASessionThatEndedMeanwhile_Returns409()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = browser.Clone();

        using HttpResponseMessage response = await lab.SendAsync(browser, async context =>
        {
            await lab.RunAsync(other, session => session.DestroyAsync(Cancellation));
            await context.GetOrleansSession().UpdateAsync<int>("n", n => n + 1, Cancellation);
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Update_AboveTheLimit_Returns413()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
            context.GetOrleansSession().UpdateAsync<string>("large", _ => new string('x', 2 * 1024 * 1024), Cancellation));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task IdleTimeout_SetInTheFirstRequest_IsTheNewSessions()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.IdleTimeout = TimeSpan.FromDays(30);
            session.SetString("a", "1");
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(TimeSpan.FromDays(30), session.IdleTimeout);
            Assert.Equal(30, (session.ExpiresAt!.Value - DateTimeOffset.UtcNow).TotalDays, 0.1);
        });
    }

    [Fact]
    public async Task IdleTimeout_SetLater_ChangesThisSessionOnly()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        using Browser other = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            session.IdleTimeout = TimeSpan.FromHours(8);
            Assert.Equal(TimeSpan.FromHours(8), session.IdleTimeout);
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(TimeSpan.FromHours(8), session.IdleTimeout);
            Assert.Equal(8, (session.ExpiresAt!.Value - DateTimeOffset.UtcNow).TotalHours, 0.1);
            Assert.Equal("1", session.GetString("a"));
        });
        Assert.Equal(TimeSpan.FromMinutes(20), await lab.AskAsync(other, session => session.IdleTimeout));
    }

    [Fact]
    public async Task IdleTimeout_SetOnASessionThatStoresNothing_StartsNone()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.IdleTimeout = TimeSpan.FromHours(8));

        Assert.Null(browser.Token);
        Assert.Empty(lab.Grains.Calls);
    }

    [Fact]
    public async Task IdleTimeout_OutOfRange_IsRefused()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.Zero);
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.FromMilliseconds(999));
            Assert.Throws<ArgumentOutOfRangeException>(() => session.IdleTimeout = TimeSpan.FromDays(401));
        });
    }

    [Fact]
    public async Task Commit_InTheMiddle_IsSeenByOthersAtOnce()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("a", "2");
            Assert.Equal("1", await lab.AskAsync(browser, other => other.GetString("a")));
            await session.CommitAsync(Cancellation);
            Assert.Equal("2", await lab.AskAsync(browser, other => other.GetString("a")));
        });
    }

    [Fact]
    public async Task Commit_WithoutChanges_CallsNoGrain()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session => session.CommitAsync(Cancellation));

        Assert.Equal([nameof(ISessionGrain.LoadAsync)], lab.Grains.Methods);
    }

    private sealed record Line(string Product, int Quantity);

    private sealed record Cart(string Customer, IReadOnlyList<Line> Lines);
}
