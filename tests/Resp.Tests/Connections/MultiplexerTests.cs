using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>StackExchange.Redis, the client library with the longest preamble.</summary>
public sealed class MultiplexerTests
{
    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task Multiplexer_ConnectsAndSubscribes(RedisProtocol protocol)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.Password = "open");
        await using ConnectionMultiplexer multiplexer = await PatientRedis.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { endpoint.Address },
            Password = "open",
            ClientName = "tests",
            Protocol = protocol,
        });
        IDatabase database = multiplexer.GetDatabase();
        Assert.Equal("here", (string?)await database.ExecuteAsync("ECHO", "here"));
        Assert.Equal("tests", (string?)await database.ExecuteAsync("CLIENT", "GETNAME"));
        await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), static (_, _) => { });
        await multiplexer.GetSubscriber().PingAsync();

        IServer server = multiplexer.GetServers().Single();
        Assert.True(server.IsConnected);
        Assert.False(server.IsReplica);
        Assert.Equal(new Version(7, 0, 15), server.Version);
        Assert.Equal(16, server.DatabaseCount);
        var error = await Assert.ThrowsAsync<RedisServerException>(() => database.StringSetRangeAsync("k", 0, "v"));
        Assert.StartsWith("ERR 'setrange' is not supported by the session cluster", error.Message);
    }
}
