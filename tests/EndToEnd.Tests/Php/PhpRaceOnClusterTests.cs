using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Races on the session cluster: nothing is lost.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpRaceOnClusterTests(ClusterPhpStore store) : PhpRaceTests(store)
{
    [Fact]
    public async Task Entries_OfParallelRequests_AreAllThere()
    {
        using PhpBrowser browser = Browse();
        await browser.SetAsync("first", "1");

        PhpAnswer answer = await WriteInParallelAsync(browser);

        Assert.Equal(["first", "quick", "slow"], answer.Entries.Keys.Order());
    }

    [Fact]
    public async Task Session_EndedWhileARequestIsUnderWay_StaysEnded()
    {
        using PhpBrowser browser = Browse();
        await browser.SetAsync("first", "1");
        using PhpBrowser other = browser.Clone();

        Assert.Empty((await WriteLateAsync(browser)).Entries);
        Assert.Empty((await other.ReadAsync()).Entries);

        // A return after the end starts a new session.
        Assert.Equal("1", (await browser.IncrementAsync("count"))["count"]);
        Assert.Equal("1", (await other.ReadAsync())["count"]);
    }

    [Fact]
    public async Task Entries_OfTwoHundredParallelRequests_AreAllThere()
    {
        using PhpBrowser browser = Browse();

        Assert.Equal(200, await WriteManyAsync(browser));
    }
}
