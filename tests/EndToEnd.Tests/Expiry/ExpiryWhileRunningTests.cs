using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Expiry;

/// <summary>Expiry in a cluster that keeps running.</summary>
public sealed class ExpiryWhileRunningTests : ExpiryTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Session_Expired_IsGoneForReadersAtOnceAndFromRedisWithinTwoMinutes()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using StoredData store = await StoredData.OpenAsync(redis.Address);
        await using LocalClusterProcess cluster = await LocalClusterProcess.StartAsync(Options(redis, IdleTimeout));
        using var reader = new Browser(cluster.Url);
        await reader.PutAsync("name", "value");
        SessionView[] untouched = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CreateAsync(cluster, store)));

        // The reader's session is used before its deadline and gets a new one; the others end at theirs.
        DateTimeOffset first = (await reader.GetAsync()).ExpiresAt!.Value;
        await Eventually.TimeAsync(first - (IdleTimeout / 2));
        SessionView extended = await reader.GetAsync();
        Assert.Equal("value", extended["name"]);
        Assert.True(extended.ExpiresAt > first);

        await Eventually.TimeAsync(extended.ExpiresAt!.Value);
        Assert.Null((await reader.GetAsync()).Id);

        await AssertSweptAsync(store, [extended, .. untouched]);
    }
}
