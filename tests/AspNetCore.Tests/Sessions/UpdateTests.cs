using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary><see cref="IOrleansSession.UpdateAsync{T}"/>, which is atomic among requests.</summary>
public sealed class UpdateTests(SessionCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
}
