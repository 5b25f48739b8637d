using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>StackExchange.Redis with typical session code in .NET.</summary>
[Collection(typeof(RespCollection))]
public sealed class StackExchangeRedisTests(RespCluster cluster)
{
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task SessionWork_IsThatOfRedis(RedisProtocol protocol)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(cluster.Address);
        options.Protocol = protocol;
        await using ConnectionMultiplexer multiplexer = await PatientRedis.ConnectAsync(options);
        IDatabase database = multiplexer.GetDatabase(1);
        RedisKey key = $"sess:{Guid.NewGuid():N}";

        Assert.True((await database.StringGetAsync(key)).IsNull);
        Assert.True(await database.StringSetAsync(key, "value", Expiry));
        Assert.Equal("value", await database.StringGetAsync(key));
        Assert.Equal("value", await database.StringGetSetExpiryAsync(key, Expiry));
        Assert.False(await database.StringSetAsync(key, "other", when: When.NotExists));
        Assert.InRange((await database.KeyTimeToLiveAsync(key))!.Value, Expiry - TimeSpan.FromSeconds(5), Expiry);
        Assert.True(await database.KeyExpireAsync(key, DateTime.UtcNow.AddHours(1)));
        Assert.True(await database.KeyPersistAsync(key));
        Assert.Equal(["value", RedisValue.Null], await database.StringGetAsync([key, key.Append("-absent")]));
        Assert.Equal(RedisType.String, await database.KeyTypeAsync(key));
        Assert.True(await database.KeyRenameAsync(key, key.Append("-new")));
        Assert.Equal("value", await database.StringGetDeleteAsync(key.Append("-new")));

        await database.HashSetAsync(key, [new HashEntry("name", "Ada"), new HashEntry("cart", "[1]")]);
        Assert.Equal("Ada", await database.HashGetAsync(key, "name"));
        Assert.Equal(2, (await database.HashGetAllAsync(key)).Length);
        Assert.True(await database.HashDeleteAsync(key, "cart"));
        Assert.True(await database.KeyExistsAsync(key));
        Assert.True(await database.KeyDeleteAsync(key));
    }

    [Fact]
    public async Task Transaction_TakesEffectAsAWhole()
    {
        await using ConnectionMultiplexer multiplexer = await PatientRedis.ConnectAsync(cluster.Address);
        IDatabase database = multiplexer.GetDatabase();
        RedisKey key = $"sess:{Guid.NewGuid():N}";
        ITransaction transaction = database.CreateTransaction();
        Task<bool> set = transaction.StringSetAsync(key, "value");
        Task<bool> expire = transaction.KeyExpireAsync(key, Expiry);
        Assert.True(await transaction.ExecuteAsync());
        Assert.True(await set);
        Assert.True(await expire);
        Assert.Equal("value", await database.StringGetAsync(key));
        Assert.NotNull(await database.KeyTimeToLiveAsync(key));
    }
}
