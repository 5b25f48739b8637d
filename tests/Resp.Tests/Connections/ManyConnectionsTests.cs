namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Thousands of connections, and their clean-up. The sizes fit both ends into one process with 20,000 file descriptors.</summary>
[Collection(typeof(AloneCollection))]
public sealed class ManyConnectionsTests
{
    private const int Most = 3_000;
    private const int TooMany = 150;
    private const long AllowedGrowth = 8L * 1024 * 1024;

    [Fact]
    public async Task Connections_MoreThanAllowed_LeaveNothingBehind()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxConnections = Most);
        await ComeAndGoAsync(endpoint);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await ComeAndGoAsync(endpoint);
        await ComeAndGoAsync(endpoint);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, AllowedGrowth);
        Assert.Equal(0, endpoint.Held);
    }

    private static async Task ComeAndGoAsync(RespEndpoint endpoint)
    {
        List<RespTestClient> clients = [];
        try
        {
            for (int i = 0; i < Most; i++)
            {
                RespTestClient client = await endpoint.ConnectAsync();
                clients.Add(client);
                Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
            }

            for (int i = 0; i < TooMany; i++)
            {
                using RespTestClient refused = await endpoint.ConnectAsync();
                Assert.StartsWith("-ERR max number of clients", await refused.ReadToEndAsync());
            }
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }

        await endpoint.PassTimeUntilAsync("all have gone", () => endpoint.Open == 0);
    }
}
