using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Clusters;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Storage;

public sealed class ProviderConnectionTests
{
    [Fact]
    public async Task AnyCall_ThatOrleansStorageDoesNotMake_IsRefused()
    {
        await using GarnetStore store = await GarnetStore.StartAsync("connection-tests");
        IDatabase database = ProviderConnection.Of(store.Database.Multiplexer).GetDatabase();

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => database.StringGetAsync("key"));

        Assert.Contains(nameof(IDatabase.StringGetAsync), exception.Message, StringComparison.Ordinal);
    }
}
