using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Races on Debian's redis-server: it loses changes. The cluster's tests would prove nothing if they could pass here.</summary>
[Collection(typeof(PhpOnRedisCollection))]
public sealed class PhpRaceOnRedisTests(RedisPhpStore store) : PhpRaceTests(store)
{
    [Fact]
    public async Task Entries_OfParallelRequests_AreLost()
    {
        using PhpBrowser browser = Browse();
        await browser.SetAsync("first", "1");

        PhpAnswer answer = await WriteInParallelAsync(browser);

        Assert.Equal(["first", "slow"], answer.Entries.Keys);
    }

    [Fact]
    public async Task Session_EndedWhileARequestIsUnderWay_IsBack()
    {
        using PhpBrowser browser = Browse();
        await browser.SetAsync("first", "1");

        Assert.NotEmpty((await WriteLateAsync(browser)).Entries);
    }

    [Fact]
    public async Task Entries_OfTwoHundredParallelRequests_AreMostlyLost()
    {
        using PhpBrowser browser = Browse();

        Assert.InRange(await WriteManyAsync(browser), 1, 199);
    }
}
