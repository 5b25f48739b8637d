using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Tests.Store;

public sealed class ExternalStoreTests
{
    [Theory]
    [InlineData("cache:6380,password=swordfish,ssl=true,defaultDatabase=2", "cache:6380")]
    [InlineData("rediss://user:swordfish@cache:6380/2", "cache:6380")]
    [InlineData("cache", "cache:6379")]
    public async Task Address_OfAConnectionString_IsHostAndPortAlone(string connectionString, string address)
    {
        await using var store = new ExternalStore(connectionString);

        Assert.Equal(address, store.Address);
        Assert.Equal(connectionString, store.ConnectionString);
    }
}
