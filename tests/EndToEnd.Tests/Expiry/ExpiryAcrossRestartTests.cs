using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Expiry;

/// <summary>Expiry when the silos that knew the session are gone and it is never used again.</summary>
public sealed class ExpiryAcrossRestartTests : ExpiryTests
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Session_WhoseSilosWereRestarted_IsGoneFromRedisWithinTwoMinutesOfItsDeadline()
    {
        Tools.Require(Tools.RedisServer);
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using StoredData store = await StoredData.OpenAsync(redis.Address);
        LocalClusterOptions options = Options(redis, IdleTimeout);
        SessionView[] sessions;
        await using (LocalClusterProcess before = await LocalClusterProcess.StartAsync(options))
        {
            sessions = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CreateAsync(before, store)));
            await before.StopAsync();
        }

        await using LocalClusterProcess after = await LocalClusterProcess.StartAsync(options);
        await AssertSweptAsync(store, sessions);
    }
}
