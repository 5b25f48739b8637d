using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Unusual sessions on the session cluster, and the cluster's own limits.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpPayloadOnClusterTests(ClusterPhpStore store) : PhpPayloadTests(store)
{
    [Fact]
    public async Task Session_TooLarge_IsRefusedWithAWarningAndStaysUnchanged()
    {
        using var browser = new PhpBrowser(Site);
        await browser.SetAsync("name", "value");

        using HttpResponseMessage response = await browser.TryAskAsync("set-long", "&name=long&length=1100000");
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("Failed to write session data", answer);
        Assert.Equal(["name"], (await browser.ReadAsync()).Entries.Keys);
    }

    [Fact]
    public async Task Entries_OfParallelRequestsThatBothBeginASession_AreAllThere()
    {
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(store.Server));
        using var browser = new PhpBrowser(site) { SessionId = Guid.NewGuid().ToString("N") };
        using var gate = new Gate();
        Task<PhpAnswer> slow = browser.AskAsync("set", "&name=slow&value=1" + gate.Argument);
        await gate.ReachedAsync();
        await browser.SetAsync("quick", "1");
        gate.Open();
        await slow;

        Assert.Equal(["quick", "slow"], (await browser.ReadAsync()).Entries.Keys.Order());
    }
}
