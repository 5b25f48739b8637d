using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Handles under which an administrator sees sessions, whose ids are not stored.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class SessionHandleTests(ClusterPhpStore store)
{
    [Fact]
    public async Task Session_RequestedByAnAdministratorsHandle_IsNotGivenToAVisitor()
    {
        PhpStore.RequireTools();
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(store.Server));
        using var php = new PhpBrowser(site);
        await php.SetAsync("name", "value");
        IAsyncEnumerable<RedisKey> keys = store.Connection.GetServers().Single().KeysAsync(pattern: "PHPREDIS_SESSION:*");
        string handle = (string)(await keys.FirstAsync(TestContext.Current.CancellationToken))!;
        string sessionKey = handle[^43..];
        string[] ids = [handle, handle.Split(':')[^1], sessionKey, '~' + sessionKey];
        await Assert.AllAsync(ids, async id =>
        {
            using var stranger = new PhpBrowser(site) { SessionId = id };
            Assert.Empty((await stranger.ReadAsync()).Entries);
        });
    }
}
